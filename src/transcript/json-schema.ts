import { MARKS } from '../engine/select.ts';
import { EXECUTION_STATUSES } from './cacao-status.ts';
import { EVIDENCE, FINDING, OPERATION } from './json-schema-parts.ts';
import { REDACTIONS } from './names-in.ts';
import { COUNT, FLAG, listOf, orNull, record, ref, type Schema, TEXT, TIME } from './schema-pieces.ts';
import type { OpenItem } from './transcript.ts';

/**
 * The JSON transcript as JSON Schema (2020-12), for programs that read it. What `format` 1 has will stay;
 * members may be added, so a reader must pass over what it does not know. Subjects of findings and events of
 * the journal are told by their `kind`, and hold more than is said here.
 */
export function transcriptJsonSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'tourniquet transcript',
    description: 'An incident as a report, then every record of its journal, with the secrets taken out.',
    ...record({
      format: { const: 1 },
      redacted: listOf({ enum: Object.keys(REDACTIONS) }, 'Names that were replaced by placeholders.'),
      incidentId: TEXT,
      openedAt: TIME,
      closedAt: orNull(TIME),
      closedBecause: orNull(TEXT),
      lastAt: TIME,
      host: HOST,
      playbook: record({ name: TEXT, title: TEXT, sha256: TEXT }),
      sessions: listOf(SESSION),
      inputs: { type: 'object' },
      story: listOf(
        record({
          about: { enum: ['what', 'since', 'stayed', 'done', 'left', 'rotate', 'assurance'] },
          heading: TEXT,
          sentences: listOf(TEXT),
        }),
        'The incident on half a page.',
      ),
      found: listOf(
        record({
          finding: ref('finding'),
          dealtWithBy: listOf(TEXT),
          undone: listOf(TEXT),
          hasComeBack: { type: 'boolean' },
        }),
        'Malicious and suspicious things, each once, worst first, and what was done about them.',
      ),
      assurance: record({
        level: { enum: ['none', 'low', 'limited', 'fair'] },
        advice: { enum: ['rebuild', 'release'] },
        reasons: listOf(TEXT),
      }),
      stillOpen: listOf(record({ kind: { enum: [...OPEN_KINDS] }, stepId: orNull(TEXT), text: TEXT })),
      steps: listOf(STEP),
      declaredOurs: listOf(record({ what: TEXT, by: TEXT, reason: TEXT })),
      notes: listOf(record({ at: TIME, by: TEXT, stepId: orNull(TEXT), text: TEXT })),
      shells: listOf(
        record({
          id: TEXT,
          stepId: orNull(TEXT),
          openedAt: TIME,
          recording: orNull(record({ name: TEXT, sizeBytes: COUNT, sha256: TEXT })),
        }),
        'Shells on the host that were recorded, each as asciicast v3 in the outputs.',
      ),
      takenOver: listOf(record({ at: TIME, by: TEXT, from: TEXT, reason: TEXT, wasForced: FLAG })),
      evidence: listOf(record({ ...EVIDENCE, operationId: TEXT })),
      journal: record({
        records: COUNT,
        head: TEXT,
        altered: orNull(record({ seq: COUNT, reason: TEXT })),
      }),
      records: listOf(
        record({ seq: COUNT, at: TIME, by: TEXT, event: record({ kind: TEXT }) }),
        'The journal; an event is told by its kind.',
      ),
    }),
    $defs: { finding: FINDING, operation: OPERATION },
  };
}

const OPEN_KINDS = [
  'journal',
  'step',
  'operation',
  'checklist',
  'finding',
  'isolation',
  'unknown',
] as const satisfies readonly OpenItem['kind'][];

const HOST = record({
  hostname: TEXT,
  distribution: TEXT,
  kernel: TEXT,
  cores: COUNT,
  bootId: TEXT,
  isRoot: FLAG,
  isDrill: FLAG,
  serviceManager: TEXT,
  firewall: TEXT,
});

const SESSION = record({
  responder: TEXT,
  account: TEXT,
  peerAddress: orNull(TEXT),
  front: { enum: ['terminal', 'line', 'headless', 'test'] },
  pid: COUNT,
  version: TEXT,
  from: TIME,
  until: orNull(TIME),
  leftBecause: orNull(TEXT),
});

const STEP = record({
  number: COUNT,
  id: TEXT,
  title: TEXT,
  why: TEXT,
  attack: listOf(TEXT),
  status: { enum: Object.keys(MARKS).filter((name) => name !== 'here') },
  executionStatus: orNull({ enum: [...EXECUTION_STATUSES] }),
  isFailureAccepted: FLAG,
  summary: orNull(TEXT),
  reason: orNull(TEXT),
  startedAt: orNull(TIME),
  finishedAt: orNull(TIME),
  decisions: listOf(record({ at: TIME, by: TEXT, text: TEXT })),
  findings: listOf(ref('finding')),
  chosen: listOf(TEXT),
  unknowns: listOf(record({ scope: TEXT, what: TEXT, reason: TEXT })),
  remarks: listOf(TEXT),
  checklist: listOf(
    record({
      title: TEXT,
      word: { enum: ['replaced', 'done'] },
      isDone: FLAG,
      tickedAt: orNull(TIME),
      by: orNull(TEXT),
      note: TEXT,
    }),
  ),
  watch: orNull(record({ looks: COUNT, returned: COUNT, isFinished: FLAG }, { startedAt: orNull(TIME) })),
  cameBack: listOf(ref('finding')),
  operations: listOf(ref('operation')),
});
