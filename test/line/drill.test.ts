import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Incidents, run, tourniquet } from '../end-to-end/program.ts';
import { Expect, type Rule } from './expect.ts';

const CLOSE: readonly Rule[] = [
  [/\(c\)lose.*> $/, 'c'],
  [/how it ended.*> $/, 'practised in line mode'],
];

const RULES: readonly Rule[] = [
  [/Type (\w+) to do it[^\n]*> $/, ([, word]) => word ?? ''],
  [/You are still connected\?[^\n]*> $/, ''],
  [/\(r\)un [^\n]*> $/, 'r'],
  [/\(d\)one [^\n]*> $/, 'd'],
  ...CLOSE,
  [/\n[^\n(]* > $/, 'written down by expect'],
];

describe('the drill in line mode', () => {
  let incidents: Incidents;
  beforeAll(async () => {
    incidents = await Incidents.make();
  });
  afterAll(() => incidents.end());

  test('is won on a dumb terminal by questions and answers alone, left and resumed on the way', async () => {
    const where = ['--incident-dir', incidents.folder];
    const first = new Expect([...tourniquet, ...where, 'drill', '--seed', '11']);
    await first.talk(RULES, /\[5\/\d+\][\s\S]*\(r\)un/);
    first.type('q');
    await first.talk([]);
    expect(first.text).toContain('goes on from here');
    const id = incidents.newest();

    const second = new Expect([...tourniquet, ...where, 'resume', id]);
    await second.talk(RULES, /\[5\/\d+\][\s\S]*\(r\)un/);
    second.type('w');
    await second.talk([], /\(r\)un/);
    second.type('p');
    await second.talk([], /\(r\)un/);
    await second.talk(RULES);
    expect(second.text).toContain('The incident is closed.');
    expect(second.text).toContain('Drill won');
    expect(second.exitCode).toBe(0);

    // No cursor, no colour, no title: carriage returns and newlines are all that is not text.
    for (const { text } of [first, second]) expect(text).not.toMatch(/[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]/);

    const transcript = run([...where, 'transcript', id]);
    expect(transcript.stdout).toContain('approved the plan (in line mode)');
    expect(transcript.stdout).toContain('practised in line mode');
    expect(transcript.stdout).toMatch(/- malicious \d+: .*kill-process /);
  }, 240_000);
});
