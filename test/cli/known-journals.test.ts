import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listIncidents } from '../../src/cli/incidents/incidents.ts';
import { formatLine } from '../../src/journal/record-line.ts';
import { makeLongJournal } from '../benchmark/long-journal.ts';

let root = '';
let journal = '';
let known = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tourniquet-known-'));
  makeLongJournal(root);
  journal = join(root, 'web-07-20261123-0412', 'journal.jsonl');
  known = join(root, '.known-journals.json');
});
afterEach(() => rmSync(root, { recursive: true }));

const row = async () => (await listIncidents(root)).rows[0];

test('a list of incidents is the same from what was read before, and shows what was written since', async () => {
  const first = await row();
  expect(first).toMatchObject({ state: 'open', total: 3, finished: 0 });
  expect(statSync(known).mode & 0o777).toBe(0o600);
  expect(await row()).toEqual(first);
  const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '') as { hash: string; seq: number };
  const event = { kind: 'note-added', stepId: null, text: 'later' } as const;
  const record = { seq: last.seq + 1, at: '2026-11-24T00:00:00.000Z', by: 'ana', event };
  appendFileSync(journal, `${formatLine(record, last.hash).line}\n`);
  expect(await row()).toEqual({ ...first, lastAt: '2026-11-24T00:00:00.000Z' });
});

test('an altered journal is seen though its size and its time are as before', async () => {
  await row();
  const { atime, mtime } = statSync(journal);
  const text = readFileSync(journal, 'utf8');
  writeFileSync(journal, text.replace('seen in the log', 'SEEN in the log'));
  utimesSync(journal, atime, mtime);
  expect((await row())?.state).toBe('altered');
});

test('what is remembered can be nonsense, or in a place where nothing can be written', async () => {
  const first = await row();
  for (const nonsense of ['', '{}', 'null', '{"format":1,"entries":{"x":1}}', '{"format":9}']) {
    writeFileSync(known, nonsense);
    expect(await row()).toEqual(first);
  }
});
