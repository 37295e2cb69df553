import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/engine/event.ts';
import { formatLine, NO_HASH } from '../../src/journal/record-line.ts';
import {
  makeLook,
  makeOpening,
  makeOutcome,
  makePlan,
  makePlaybook,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';

const EVENTS = 10_000;
const OPERATIONS = 500;

/** On the disk below `root`: an open incident of 10,000 events, most of them notes, a thousand of operations. */
export function makeLongJournal(root: string): void {
  const command = {
    kind: 'run-command' as const,
    command: { shell: 'true' },
    environment: {},
    secretNames: [],
    workingFolder: null,
    timeoutMs: 1000,
    risk: 'read-only' as const,
    verify: null,
    undo: null,
  };
  const plan = makePlan(
    'purge',
    1,
    Array.from({ length: OPERATIONS }, () => command),
  );
  const events: Event[] = [
    ...makeOpening(makePlaybook(['look', 'purge', 'watch'].map((id) => makeStep(id)))),
    { kind: 'step-looked', stepId: 'look', outcome: makeLook([]), chosen: [] },
    { kind: 'plan-made', stepId: 'purge', plan },
    { kind: 'plan-approved', stepId: 'purge', planHash: plan.hash, how: 'key' },
    ...plan.operations.flatMap(({ id }): Event[] => [
      {
        kind: 'operation-started',
        stepId: 'purge',
        operationId: id,
        receipt: { kind: 'run-command' },
        evidence: [],
      },
      {
        kind: 'operation-finished',
        stepId: 'purge',
        operationId: id,
        outcome: makeOutcome('run-command', { exitCode: 0 }),
        output: null,
      },
    ]),
  ];
  while (events.length < EVENTS)
    events.push({ kind: 'note-added', stepId: null, text: `seen in the log of this hour: ${events.length}` });
  const folder = join(root, 'web-07-20261123-0412');
  for (const part of ['output', 'evidence', 'quarantine'])
    mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
  let head = NO_HASH;
  const lines = makeRecords(events).map((record) => {
    const { line, hash } = formatLine(record, head);
    head = hash;
    return `${line}\n`;
  });
  writeFileSync(join(folder, 'journal.jsonl'), lines.join(''));
  writeFileSync(join(folder, 'playbook.yaml'), 'name: paper\n');
}
