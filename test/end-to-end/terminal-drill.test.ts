import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEYS, type PtyProgram, startPty } from '../support/pty.ts';
import { Incidents, run, tourniquet } from './program.ts';

describe('the drill in a real terminal, by key presses', () => {
  let incidents: Incidents;
  beforeAll(async () => {
    incidents = await Incidents.make();
  });
  afterAll(() => incidents.end());

  test('from the home screen to the transcript, and it is won', async () => {
    const program = startPty([...tourniquet, '--incident-dir', incidents.folder]);
    await program.waitFor('Practise');
    program.press(KEYS.down);
    program.press(KEYS.down);
    await program.waitFor(/❯ Practise/);
    program.press(KEYS.enter);
    await program.waitFor('Checklist', 60_000);
    const presses = await walk(program);
    expect(presses).toBeLessThanOrEqual(40);
    expect(program.text()).toContain('10/10');
    const id = incidents.newest();
    expect(run(['--incident-dir', incidents.folder, 'verify', id]).code).toBe(0);
    await finish(program);
    expect(await program.waitExit(30_000)).toBe(0);
    expect(program.text()).toContain('Drill won');
  }, 180_000);
});

/** The rows between the panes and the footer: what is asked, and what ⏎ does. */
function question(program: PtyProgram): string {
  const rows = program.screen();
  const bottom = rows.findLastIndex((row) => row.startsWith('└'));
  return rows
    .slice(bottom + 1, -1)
    .join(' ')
    .replace(/within \d+ s/, 'within … s')
    .trim();
}

/** Answers with ⏎, and types the word where one is asked for, until every step is finished. Returns how many presses. */
async function walk(program: PtyProgram): Promise<number> {
  let presses = 0;
  while (!program.text().includes('Export the transcript')) {
    await program.waitFor(/⏎ (goes on|does|asks|watches|within)|Export the transcript/, 60_000);
    const asked = question(program);
    const word = /type “(\w+)”/.exec(asked)?.[1];
    if (program.text().includes('Export the transcript')) break;
    if (word === undefined) {
      presses += await pressUntil(program, KEYS.enter, () => question(program) !== asked);
      continue;
    }
    const form = `Type ${word} to approve`;
    presses += await pressUntil(program, KEYS.enter, () => program.text().includes(form));
    program.press(word);
    await program.waitFor(`❯ ${word}`);
    presses += word.length + (await pressUntil(program, KEYS.enter, () => !program.text().includes(form)));
    // The plan just approved may stand there for a moment longer: it is not to be answered twice.
    await expect.poll(() => question(program) !== asked, { timeout: 30_000 }).toBe(true);
  }
  return presses;
}

/** A question answers to ⏎ only after it has stood for a moment, so that nobody approves what they did not see. */
async function pressUntil(program: PtyProgram, keys: string, isAnswered: () => boolean): Promise<number> {
  program.press(keys);
  for (let tries = 0; tries < 40 && !isAnswered(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (tries % 5 === 4 && !isAnswered()) program.press(keys);
  }
  return 1;
}

async function finish(program: PtyProgram): Promise<void> {
  await pressUntil(program, 't', () => program.text().includes('transcript.md'));
  await pressUntil(program, 'x', () => question(program).includes('is closed'));
  await pressUntil(program, KEYS.enter, () => !program.text().includes('Checklist'));
}
