import { VERDICTS } from '../findings/finding.ts';
import { RISKS } from '../operations/risk.ts';
import { COUNT, listOf, orNull, record, TEXT, TIME } from './schema-pieces.ts';
import type { TranscriptOperation } from './transcript.ts';

const OPERATION_STATUSES = [
  'planned',
  'to-do',
  'running',
  'attached',
  'done',
  'failed',
  'refused',
  'unknown',
  'not-done',
  'undoing',
  'undone',
  'undo-failed',
] as const satisfies readonly TranscriptOperation['status'][];

/** One file that was taken. */
export const EVIDENCE = { name: TEXT, sha256: TEXT, sizeBytes: COUNT, source: TEXT };

/** What was seen. */
export const FINDING = record(
  {
    id: TEXT,
    subject: record({ kind: TEXT }),
    title: TEXT,
    verdict: { enum: [...VERDICTS] },
    score: { type: 'number', minimum: 0, maximum: 100 },
    reasons: listOf(record({ code: TEXT, text: TEXT, weight: { type: 'number' } })),
    places: listOf(record({ path: TEXT }, { line: COUNT })),
    attack: listOf(TEXT),
    times: orNull(record({ mtimeNs: TEXT, ctimeNs: TEXT })),
    owner: orNull(TEXT),
    related: listOf(TEXT),
  },
  { package: orNull(TEXT), beganAtMs: { type: 'number' } },
);

/** What was done, or was to be. */
export const OPERATION = record({
  id: TEXT,
  kind: TEXT,
  title: TEXT,
  risk: { enum: [...RISKS] },
  undoNote: orNull(TEXT),
  status: { enum: [...OPERATION_STATUSES] },
  because: listOf(TEXT),
  commands: listOf(TEXT),
  attempts: COUNT,
  startedAt: orNull(TIME),
  finishedAt: orNull(TIME),
  message: orNull(TEXT),
  exitCode: orNull({ type: 'integer' }),
  verification: orNull(
    record({ status: { enum: ['holds', 'does-not-hold', 'in-progress', 'unknown'] }, detail: TEXT }),
  ),
  evidence: listOf(record(EVIDENCE)),
  output: orNull(
    record(
      { name: TEXT, sizeBytes: COUNT, sha256: TEXT, head: TEXT, leftOutBytes: COUNT, tail: TEXT },
      { timesSha256: TEXT },
    ),
  ),
});
