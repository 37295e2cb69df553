import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fold } from '../../src/engine/reduce.ts';
import { parseJournal } from '../../src/journal/read-journal.ts';
import { renderAsciicast } from '../../src/transcript/asciicast.ts';
import { renderCsv } from '../../src/transcript/csv.ts';
import { renderSigma } from '../../src/transcript/hash-lists.ts';
import { renderHtml } from '../../src/transcript/html.ts';
import { renderJson } from '../../src/transcript/json.ts';
import { renderMarkdown } from '../../src/transcript/markdown.ts';
import { REDACTIONS, type Redaction } from '../../src/transcript/names-in.ts';
import { redactNames } from '../../src/transcript/redact-names.ts';
import { renderStix } from '../../src/transcript/stix.ts';
import { renderTimesketch } from '../../src/transcript/timesketch.ts';
import { makeLook, makeOpening, makePlaybook, makeRecords, makeStep } from '../support/incident-builder.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';

const ALL = Object.keys(REDACTIONS) as Redaction[];
const RENDERERS = {
  renderMarkdown,
  renderHtml,
  renderJson,
  renderCsv,
  renderStix,
  renderTimesketch,
  renderAsciicast,
  renderSigma,
};

function redacted(text: string, redactions: readonly Redaction[] = ALL, mapping = {}) {
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep('look')])),
    { kind: 'note-added', stepId: null, text },
  ]);
  const done = redactNames(fold(records), records, new Map(), redactions, mapping);
  const event = done.records.at(-1)?.event;
  return { text: event?.kind === 'note-added' ? event.text : '', mapping: done.mapping };
}

/** Counted from 1 for each word: the opening has names of its own before. */
function counted(text: string): string {
  const seen: string[] = [];
  return text.replace(/\b(address|user|host)-\d+/g, (placeholder, word: string) => {
    if (!seen.includes(placeholder)) seen.push(placeholder);
    const alike = seen.filter((one) => one.startsWith(word));
    return `${word}-${alike.indexOf(placeholder) + 1}`;
  });
}

test.each(Object.entries(RENDERERS))('%s of a redacted incident has none of the names', (_, render) => {
  const excerpts = new Map([
    [
      'patch.1.1',
      {
        head: new TextEncoder().encode('ana@web-07 from 10.8.0.4 and 192.168.7.9\n'),
        tail: new Uint8Array(),
        totalBytes: 41,
      },
    ],
  ]);
  const done = redactNames(INCIDENT, RECORDS, excerpts, ALL);
  const context = { ...CONTEXT, excerpts: done.excerpts, redacted: ALL };
  const text = render(fold(done.records), done.records, context);
  for (const name of [/web-07/, /(?<![\w-])ana(?![\w-])/, /10\.8\.0\.4/, /192\.168\.7\.9/])
    expect(text).not.toMatch(name);
  expect(Object.values(done.mapping)).toEqual(
    expect.arrayContaining(['web-07', 'ana', '10.8.0.4', '192.168.7.9']),
  );
});

test('of the drill, nothing of the responder, the host and its network is left', () => {
  const file = join(import.meta.dirname, '../journals/noisy-drill.format-1.jsonl');
  const { records, head } = parseJournal(readFileSync(file));
  const done = redactNames(fold(records), records, new Map(), ALL);
  const context = { journalHead: head, altered: null, excerpts: new Map(), redacted: ALL };
  const text = renderJson(fold(done.records), done.records, context);
  expect(text).not.toContain('drill-094353');
  expect(text).not.toContain('198.51.100.4');
  // What belongs to the intruder stays, and so do the accounts of every system.
  expect(text).toContain('203.0.113.9');
  expect(text).toContain('www-data');
});

test('the same name has the same placeholder everywhere, and in the next transcript as well', () => {
  const first = redacted('10.0.0.5 talks to 10.0.0.6, and 10.0.0.5 to 10.0.0.7');
  expect(first.text).toBe('address-2 talks to address-3, and address-2 to address-4');
  const second = redacted('10.0.0.7, then 10.0.0.8', ALL, first.mapping);
  expect(second.text).toBe('address-4, then address-5');
  expect(second.mapping).toMatchObject({ 'address-2': '10.0.0.5', 'address-5': '10.0.0.8' });
});

test.each([
  ['172.16.4.4:22 and 172.32.4.4', 'address-1:22 and 172.32.4.4'],
  ['10.1.2.0/24 100.64.0.1 169.254.169.254', 'address-1/24 address-2 address-3'],
  ['fd12:3456::1 fe80::1 2001:db8::1', 'address-1 address-2 2001:db8::1'],
  ['1.10.0.0.5 and 203.0.113.9', '1.10.0.0.5 and 203.0.113.9'],
])('internal addresses in %j', (before, after) => {
  expect(counted(redacted(before).text)).toBe(after);
});

test.each([
  ['db.corp.internal, nas.lan and example.org', 'host-1, host-2 and example.org'],
  ['web-07 and web-070, web-07-20261123-041209', 'host-1 and web-070, host-1-20261123-041209'],
])('host names in %j', (before, after) => {
  expect(counted(redacted(before, ['hosts']).text)).toBe(after);
});

test('people are known by their homes, sessions and what they own; what was not asked for stays', () => {
  expect(counted(redacted('/home/bo/.ssh of bo, not of bob', ['users']).text)).toBe(
    '/home/user-1/.ssh of user-1, not of bob',
  );
  expect(counted(redacted('/home/bo on 10.0.0.5', ['addresses']).text)).toBe('/home/bo on address-1');
});

test('a name that is a word of the format breaks nothing', () => {
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep('look')])),
    { kind: 'step-looked', stepId: 'look', outcome: makeLook([]), chosen: [] },
    { kind: 'note-added', stepId: null, text: '/home/note-added and /home/look' },
  ]);
  const done = redactNames(fold(records), records, new Map(), ALL);
  expect(done.records.map(({ event }) => event.kind)).toEqual(records.map(({ event }) => event.kind));
  expect(fold(done.records).steps[0]?.id).toBe('look');
});
