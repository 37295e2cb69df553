import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { bundleProgram } from '../support/bundle-program.ts';
import { type PtyOptions, type PtyProgram, startPty } from '../support/pty.ts';

/** Output streams at 20,000 lines a second all the while; nothing here is measured in seconds. */
let program = '';
const folder = mkdtempSync(join(tmpdir(), 'tourniquet-bad-line-'));
const started: PtyProgram[] = [];
beforeAll(async () => {
  program = await bundleProgram(fileURLToPath(new URL('../benchmark/screen-program.tsx', import.meta.url)));
});
afterEach(() => {
  for (const one of started.splice(0)) one.kill('SIGKILL');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(join(program, '..'), { recursive: true });
});

async function stream(options: PtyOptions): Promise<PtyProgram> {
  const running = startPty([process.execPath, program, 'stream'], {
    ...options,
    environment: { NODE_ENV: 'production', ...options.environment },
  });
  started.push(running);
  await running.waitFor(/Get:\d{3}/, 60_000);
  return running;
}

test('over 8 KiB a second and 300 ms a key is answered before what would take the line 200 ms', async () => {
  const line = { bytesPerSecond: 8192, roundTripMs: 300 };
  const running = await stream({ line });
  running.press('n');
  await running.waitFor('What should whoever reads this know?');
  let typed = '';
  for (const letter of 'typed_meanwhile') {
    typed += letter;
    // What of a frame is on its way already, and all that goes before the letter or with it.
    const before = running.bytes() - running.queued();
    running.press(letter);
    await running.waitFor(`❯ ${typed}`);
    const ahead = running.bytes() - running.queued() - before;
    // What the line carries meanwhile: in a round trip, and in the 200 ms that are allowed beside it.
    expect(ahead, typed).toBeLessThan(line.bytesPerSecond * 0.5);
  }
});

test('over such a line no picture is made of two: whatever the terminal has when it is asked is whole', async () => {
  const running = await stream({ line: { bytesPerSecond: 8192, roundTripMs: 300 } });
  const pictures: string[][] = [];
  running.onAsked(() => pictures.push(running.screen()));
  await running.until('a dozen pictures', () => pictures.length >= 12, 60_000);
  const numbers = pictures.map((rows) =>
    rows.flatMap((row) => [...row.matchAll(/│ Get:(\d+) /g)].map(([, number]) => Number(number))),
  );
  for (const [index, shown] of numbers.entries()) {
    expect(shown.length, pictures[index]?.join('\n')).toBeGreaterThan(3);
    expect(shown).toEqual(shown.map((_, at) => (shown[0] ?? 0) + at));
  }
  // And each is a later one: no frame waits in the line behind another.
  const firsts = numbers.map(([first = 0]) => first);
  expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
  expect(new Set(firsts).size).toBeGreaterThan(6);
});

test('a terminal that takes nothing holds up neither what runs nor what is heard of it', async () => {
  const file = join(folder, 'heard');
  const running = await stream({ environment: { LOOP_HEARD: file } });
  const heard = () => Number(readFileSync(file, 'utf8').split('\n').at(-2));
  running.stall(true);
  // Far more than the terminal's buffers hold is drawn for these: a program that waits for them stands still now.
  for (let press = 0; press < 400; press += 1) {
    running.press(press % 2 === 0 ? '?' : '\u001b[D\u001b[C');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const before = heard();
  while (heard() < before + 60) await new Promise((resolve) => setTimeout(resolve, 50));
  running.stall(false);
  running.press('\u001b');
  await running.waitFor('Doing: run-command');
  const [, now = ''] = /Get:(\d+)/.exec(running.text()) ?? [];
  await running.until('later lines', (text) => Number(/Get:(\d+)/.exec(text)?.[1]) > Number(now));
});
