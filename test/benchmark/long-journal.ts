import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/engine/event.ts';
import {
  COMMAND,
  makeDone,
  makeJournal,
  makeLook,
  makeOpening,
  makePlan,
  makePlaybook,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';

const EVENTS = 10_000;
const OPERATIONS = 500;

/** On the disk below `root`: an open incident of 10,000 events, most of them notes, a thousand of operations. */
export function makeLongJournal(root: string): void {
  const plan = makePlan(
    'purge',
    1,
    Array.from({ length: OPERATIONS }, () => COMMAND),
  );
  const events: Event[] = [
    ...makeOpening(makePlaybook(['look', 'purge', 'watch'].map((id) => makeStep(id)))),
    { kind: 'step-looked', stepId: 'look', outcome: makeLook([]), chosen: [] },
    ...makeDone('purge', plan),
  ];
  while (events.length < EVENTS)
    events.push({ kind: 'note-added', stepId: null, text: `seen in the log of this hour: ${events.length}` });
  const folder = join(root, 'web-07-20261123-0412');
  for (const part of ['output', 'evidence', 'quarantine'])
    mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'journal.jsonl'), makeJournal(makeRecords(events)).text);
  writeFileSync(join(folder, 'playbook.yaml'), 'name: paper\n');
}
