import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from '../../src/engine/reduce.ts';
import { isoFromNs } from '../../src/transcript/time-of-file.ts';
import { renderTimesketch } from '../../src/transcript/timesketch.ts';
import {
  makeFinding,
  makeLook,
  makeOpening,
  makePlaybook,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';
import { HOSTILE, incidentWith } from './hostile.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';

const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a whole incident reads as the golden timeline', async () => {
  await expect(renderTimesketch(INCIDENT, RECORDS, CONTEXT)).toMatchFileSnapshot(
    'fixtures/incident.timesketch.jsonl',
  );
});

test('every line has the fields that Timesketch asks for, in the order of time', () => {
  const lines = linesOf(renderTimesketch(INCIDENT, RECORDS, CONTEXT));
  expect(lines).toHaveLength(RECORDS.length);
  for (const line of lines) {
    expect(line.message).toEqual(expect.any(String));
    expect(line.datetime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(line.timestamp_desc).toEqual(expect.any(String));
  }
  const times = lines.map(({ datetime }) => datetime);
  expect(times).toEqual([...times].sort());
});

test('the times of the files behind the findings stand among what was done', () => {
  const times = { mtimeNs: '1795406400123456789', ctimeNs: '1795406401000000000' };
  const records = makeRecords([
    ...makeOpening(makePlaybook([makeStep('look')])),
    {
      kind: 'step-looked',
      stepId: 'look',
      outcome: makeLook([makeFinding('process:1', { times })]),
      chosen: [],
    },
  ]);
  const lines = linesOf(renderTimesketch(fold(records), records, CONTEXT));
  expect(
    lines
      .filter(({ finding_id }) => finding_id === 'process:1')
      .map(({ datetime, timestamp_desc, message }) => [datetime, timestamp_desc, message]),
  ).toEqual([
    ['2026-11-23T04:00:00.123456Z', 'Content Modification Time', 'malicious 100: kworkerds (812)'],
    ['2026-11-23T04:00:01.000000Z', 'Metadata Modification Time', 'malicious 100: kworkerds (812)'],
  ]);
});

test.each([
  ['0', '1970-01-01T00:00:00.000000Z'],
  ['253402300799999999999', '9999-12-31T23:59:59.999999Z'],
  ['253402300800000000000', null],
  ['-1', null],
  ['1e9', null],
  ['', null],
  ['9'.repeat(400), null],
])('%s nanoseconds are %s', (ns, iso) => {
  expect(isoFromNs(ns)).toBe(iso);
});

test('whatever a host says, a line stays a line of ASCII without controls', () => {
  const piece = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(piece, (text) => {
      const { incident, records, context } = incidentWith(text);
      const out = renderTimesketch(incident, records, context);
      expect(out).toMatch(/^[\x20-\x7e\n]*$/);
      expect(linesOf(out)).toHaveLength(records.length);
      // Strict readers refuse halves of characters.
      expect(linesOf(out).every((line) => JSON.stringify(line).isWellFormed())).toBe(true);
      expect(linesOf(out).every(({ message }) => String(message).isWellFormed())).toBe(true);
    }),
    { numRuns: 60 },
  );
});
