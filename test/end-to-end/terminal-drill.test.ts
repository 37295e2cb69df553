import { setTimeout as pause } from 'node:timers/promises';
import { describe, type ExpectStatic, test } from 'vitest';
import { SCENARIO_WORDS } from '../../src/drill/scenario-words.ts';
import { KEYS, type PtyProgram, startPty } from '../support/pty.ts';
import { Incidents, run, tourniquet } from './program.ts';
import { heldToDocument, type Moment } from './walk-document.ts';

const NAMES = Object.keys(SCENARIO_WORDS);
/** From the home screen to the incident closed, typed words included. */
const MOST_PRESSES = 25;

// A person reads and waits: two at a time keep nobody waiting (maxConcurrency in test/vitest.config.ts).
describe.concurrent('the drill in a real terminal, by key presses', () => {
  test.for(NAMES)(
    '%s is won with few presses from the home screen',
    { timeout: 300_000 },
    async (name, { expect, onTestFinished }) => {
      const incidents = await Incidents.make();
      onTestFinished(() => incidents.end());
      const program = startPty([...tourniquet, '--incident-dir', incidents.folder]);
      const keyboard = new Keyboard(program);
      await program.waitFor(/ {3}Practise|❯ Practise/);
      const moments: Moment[] = [];
      const saw = (pressed: string) =>
        moments.push({ screen: program.screen(), says: question(program), pressed });
      saw(`\`${numberOf(program, 'Practise')}\`, the line “Practise”`);
      await keyboard.press(String(numberOf(program, 'Practise')));
      await program.waitFor('Practise what?');
      saw(`\`${NAMES.indexOf(name) + 1}\`, the line “${name}”`);
      await keyboard.press(String(NAMES.indexOf(name) + 1));
      await program.waitFor('Checklist', 90_000);
      await walk(program, keyboard, saw, expect);
      expect(program.text()).toContain('10/10');
      const id = incidents.newest();
      expect(run(['--incident-dir', incidents.folder, 'verify', id]).code).toBe(0);
      saw('`x`');
      await keyboard.press('x');
      await program.waitFor('How did it end?');
      saw('⏎');
      await keyboard.press(KEYS.enter);
      await expect.poll(() => question(program).includes('is closed'), { timeout: 30_000 }).toBe(true);
      saw('⏎');
      if (name === 'noisy') heldToDocument(moments);
      const played = moments.map(({ says, pressed }) => `${pressed}: ${says}`).join('\n');
      expect(keyboard.presses, played).toBeLessThanOrEqual(MOST_PRESSES);
      await keyboard.press(KEYS.enter);
      expect(await program.waitExit(60_000)).toBe(0);
      expect(program.text()).toContain('Drill won');
      expect(program.text()).toMatch(/damaged +nothing/);
    },
  );
});

/** A person’s: a question has stood for longer than the interface wants before it is answered. Counts. */
class Keyboard {
  presses = 0;
  /** What cron happens to start between the kill and the purge has to be answered anew: luck, and not counted. */
  isAgain = false;
  readonly #program: PtyProgram;

  constructor(program: PtyProgram) {
    this.#program = program;
  }

  async press(keys: string): Promise<void> {
    await pause(600);
    this.#program.press(keys);
    if (!this.isAgain) this.presses += 1;
  }

  type(word: string): void {
    this.#program.press(word);
    if (!this.isAgain) this.presses += word.length;
  }
}

/** Which line of the home screen it is, among those that can be chosen. */
function numberOf(program: PtyProgram, title: string): number {
  const lines = program.screen().filter((row) => /^ (❯| ) \S/.test(row));
  return lines.findIndex((row) => row.slice(3).startsWith(title)) + 1;
}

/** The number of the step in the pane at the right, which is the one that asks. */
function stepAt(program: PtyProgram): number {
  return Number(/┐┌ +(\d+) /.exec(program.screen().join('\n'))?.[1] ?? 0);
}

/** Whether a step asks what it has asked before, or is one that the walk had been through. */
function whatIsAskedAgain(): (step: number, asked: string) => boolean {
  const before = new Set<string>();
  let furthest = 0;
  let hasGoneBack = false;
  return (step, asked) => {
    const words = `${step} ${asked.replace(/\d+/g, 'N')}`;
    const isKnown = before.has(words);
    before.add(words);
    if (step > furthest) hasGoneBack = false;
    else if (step < furthest) hasGoneBack = true;
    furthest = Math.max(furthest, step);
    return isKnown || hasGoneBack;
  };
}

/** The rows between the panes and the footer: what is asked, and what ⏎ does. */
function question(program: PtyProgram): string {
  const rows = program.screen();
  const bottom = rows.findLastIndex((row) => row.startsWith('└'));
  // The home screen has no panes: what it says stands between the list and the keys.
  if (bottom < 0)
    return rows
      .slice(0, -1)
      .filter((row) => /^ [▶!…] /.test(row))
      .join(' ')
      .trim();
  return rows
    .slice(bottom + 1, -1)
    .join(' ')
    .replace(/within \d+ s/, 'within … s')
    .replace(/ +» That was quicker than anybody reads.*/, '')
    .trim();
}

/** Answers with ⏎, and types the word where one is asked for, until every step is finished. */
async function walk(
  program: PtyProgram,
  keyboard: Keyboard,
  saw: (pressed: string) => void,
  expect: ExpectStatic,
): Promise<void> {
  const again = whatIsAskedAgain();
  while (!program.text().includes('Export the transcript')) {
    await program.waitFor(/⏎ (goes on|does|asks|watches|within)|Export the transcript/, 90_000);
    const asked = question(program);
    if (program.text().includes('Export the transcript')) break;
    const word = /type “(\w+)”/.exec(asked)?.[1];
    keyboard.isAgain = again(stepAt(program), word ?? asked);
    saw('⏎');
    await keyboard.press(KEYS.enter);
    if (word !== undefined) {
      await program.waitFor(`Type ${word} to approve`);
      saw(`\`${word}\` ⏎`);
      keyboard.type(word);
      await program.waitFor(`❯ ${word}`);
      await keyboard.press(KEYS.enter);
      await program.waitGone(`Type ${word} to approve`);
      await pause(600);
    }
    // The plan just approved may stand there for a moment longer: it is not to be answered twice.
    await expect.poll(() => question(program) !== asked, { timeout: 60_000 }).toBe(true);
  }
  keyboard.isAgain = false;
}
