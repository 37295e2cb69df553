import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderCsv } from '../../src/transcript/csv.ts';
import { HOSTILE, incidentWith } from './hostile.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';

/** RFC 4180, by its grammar; throws at what is none of it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const fields = /"((?:[^"]|"")*)"(,|\r\n)/y;
  while (fields.lastIndex < text.length) {
    const match = fields.exec(text);
    if (match === null) throw new Error('not RFC 4180');
    row.push((match[1] ?? '').replaceAll('""', '"'));
    if (match[2] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const rowsWith = (text: string) => {
  const { incident, records, context } = incidentWith(text);
  return parseCsv(renderCsv(incident, records, context));
};

test('a whole incident reads as the golden table', async () => {
  await expect(renderCsv(INCIDENT, RECORDS, CONTEXT)).toMatchFileSnapshot('fixtures/incident.csv');
});

test('each finding is there once, worst first, harmless ones as well', () => {
  const [heading, ...rows] = parseCsv(renderCsv(INCIDENT, RECORDS, CONTEXT));
  const column = (name: string) => rows.map((row) => row[heading?.indexOf(name) ?? -1]);
  expect(column('id')).toEqual(['process:1', 'file-line:2', 'process:3', 'process:4']);
  expect(column('verdict')).toEqual(['malicious', 'malicious', 'suspicious', 'benign']);
  expect(column('came back')).toEqual(['yes', 'no', 'no', 'no']);
  expect(column('dealt with by')).toEqual(['kill-process kworkerds (812)', '', '', '']);
});

describe('hostile data', () => {
  const isHarmless = (rows: string[][]) => {
    expect(rows).toHaveLength(5);
    for (const row of rows) {
      expect(row).toHaveLength(26);
      for (const field of row) expect(field).not.toMatch(/^[\s\u3000]*[=+\-@＝＋－＠]|[\u0000-\u001f]/u);
    }
  };

  test.each(HOSTILE)('%j is a field like any other, and no formula', (text) => isHarmless(rowsWith(text)));

  test('no text at all is a formula or makes another field', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'=+-@|%",;\r\n\t \u3000＝\'\u0000') }),
    );
    fc.assert(
      fc.property(piece, (text) => isHarmless(rowsWith(text))),
      { numRuns: 60 },
    );
  });
});
