import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from '../../src/engine/reduce.ts';
import { renderAsciicast } from '../../src/transcript/asciicast.ts';
import { HOSTILE, incidentWith } from './hostile.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';

type Event = [wait: number, code: string, data: string];

function parseCast(text: string): { readonly header: Record<string, unknown>; readonly events: Event[] } {
  const [header, ...events] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { header, events };
}

test('a whole incident reads as the golden recording', async () => {
  await expect(renderAsciicast(INCIDENT, RECORDS, CONTEXT)).toMatchFileSnapshot('fixtures/incident.cast');
});

test('it is asciicast v3: a header, then waits, codes and data', () => {
  const { header, events } = parseCast(renderAsciicast(INCIDENT, RECORDS, CONTEXT));
  expect(header).toMatchObject({ version: 3, term: { cols: 100, rows: 30 }, timestamp: 1795407120 });
  for (const [wait, code, data] of events) {
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(['o', 'm', 'x']).toContain(code);
    expect(data).toEqual(expect.any(String));
  }
  // One second lies between two records of this journal.
  expect(events.reduce((sum, [wait]) => sum + wait, 0)).toBe(RECORDS.length - 1);
  expect(events.filter(([, code]) => code === 'm')[0]?.[2]).toBe('Step 1 of 7: Look');
});

test('a clock that was set back makes no negative wait', () => {
  const records = RECORDS.map((record, index) =>
    index === 5 ? { ...record, at: '2020-01-01T00:00:00.000Z' } : record,
  );
  const { events } = parseCast(renderAsciicast(fold(records), records, CONTEXT));
  expect(Math.min(...events.map(([wait]) => wait))).toBe(0);
});

test('a terminal shows what was decided, done and refused, and no secret', async () => {
  const { events } = parseCast(renderAsciicast(INCIDENT, RECORDS, CONTEXT));
  const terminal = new Terminal({ cols: 100, rows: 30, scrollback: 5000, allowProposedApi: true });
  const all = events.flatMap(([, code, data]) => (code === 'o' ? [data] : [])).join('');
  await new Promise<void>((done) => terminal.write(all, done));
  const { active } = terminal.buffer;
  const screen = Array.from({ length: active.length }, (_, row) =>
    active.getLine(row)?.translateToString(true),
  ).join('\n');
  for (const words of [
    'Step 2 of 7: Kill process',
    '    [x] malicious 100 kworkerds (812)',
    '> ana: plan approved (word)',
    '  ! refused quarantine-file /etc/cron.d/sysupdate',
    '> ana: skipped by responder: keys are rotated centrally',
    'Reading package lists...',
  ])
    expect(screen).toContain(words);
  expect(screen).not.toContain('hunter2');
});

test('whatever a host says, the only escapes are our colours', () => {
  const piece = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(piece, (text) => {
      const { incident, records, context } = incidentWith(text);
      const { header, events } = parseCast(renderAsciicast(incident, records, context));
      expect(events.at(-1)).toEqual([0, 'x', '0']);
      for (const data of [String(header.title), ...events.map(([, , data]) => data)]) {
        const rest = data.replace(/\u001b\[(?:0|1|31)m/g, '').replaceAll('\r\n', '');
        expect(rest).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_C}]/u);
      }
    }),
    { numRuns: 50 },
  );
});
