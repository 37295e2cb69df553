import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { KEYS, type PtyProgram, startPty } from '../support/pty.ts';
import { has, inTurn, type Measurement, median, ms } from './measure.ts';
import { tourniquet } from './program.ts';

/** From start to the first whole frame, bytes and time a key press, on one pseudo-terminal size for all. */
export async function terminals(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-benchmark-'));
  try {
    return [...(await startTimes(folder)), ...(await keyCosts(folder))];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function startTimes(folder: string): Promise<Measurement[]> {
  const result = await inTurn(
    7,
    () => untilText([...tourniquet, '--incident-dir', folder], 'Practise', 'q'),
    () =>
      untilText(
        [process.execPath, '-e', 'process.stdout.write("abc");setTimeout(()=>{},9e3)'],
        'abc',
        '\x03',
      ),
  );
  return [
    {
      what: 'start to the first whole frame (home, 80×24)',
      ours: ms(result.ours),
      against: 'bare Node that writes three bytes',
      theirs: ms(result.theirs),
      ratio: result.ratio,
    },
  ];
}

async function untilText(argv: readonly string[], text: string, quit: string): Promise<number> {
  const start = performance.now();
  const program = startPty(argv);
  await program.waitFor(text);
  const took = performance.now() - start;
  program.press(quit);
  await program.waitExit().catch(() => program.kill('SIGKILL'));
  return took;
}

/** What one move of the cursor down a list costs. */
async function keyCosts(folder: string): Promise<Measurement[]> {
  const ours = await costOfAKey([...tourniquet, '--incident-dir', folder], /Practise/, 'q', [
    KEYS.down,
    KEYS.up,
  ]);
  const rows: Measurement[] = [];
  const items = Array.from({ length: 12 }, (_, n) => [String(n), `item number ${n}`]).flat();
  const others: [string, string[], RegExp, string][] = [
    ['whiptail', ['whiptail', '--menu', 'choose', '20', '60', '12', ...items], /item number 3/, KEYS.escape],
    ['dialog', ['dialog', '--menu', 'choose', '20', '60', '12', ...items], /item number 3/, KEYS.escape],
    ['htop', ['htop', '-d', '100'], /PID/, 'q'],
    ['mc', ['mc', '-u', '-x', '/usr', '/usr'], /share/, '\x1b0'],
  ];
  for (const [name, argv, text, quit] of others) {
    if (!has(name)) continue;
    // Programs of the curses family switch the cursor keys to application mode and know only those.
    const theirs = await costOfAKey(
      argv,
      text,
      quit,
      name === 'whiptail' ? [KEYS.down, KEYS.up] : ['\x1bOB', '\x1bOA'],
    );
    rows.push(
      {
        what: 'bytes for a move of the cursor (80×24)',
        ours: String(ours.bytes),
        against: name,
        theirs: String(theirs.bytes),
        ratio: ours.bytes / theirs.bytes,
      },
      {
        what: 'key to its last byte, the slowest of twelve in brackets (80×24)',
        ours: `${ms(ours.lastByteMs)} (${ms(ours.slowestMs)})`,
        against: name,
        theirs: `${ms(theirs.lastByteMs)} (${ms(theirs.slowestMs)})`,
        ratio: ours.lastByteMs / theirs.lastByteMs,
      },
    );
  }
  return rows;
}

interface KeyCost {
  readonly bytes: number;
  readonly lastByteMs: number;
  readonly slowestMs: number;
}

async function costOfAKey(
  argv: readonly string[],
  text: RegExp,
  quit: string,
  keys: readonly string[],
): Promise<KeyCost> {
  const program = startPty(argv);
  await program.waitFor(text);
  await settled(program);
  const counts: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < 6; round++) {
    for (const key of keys) {
      const before = program.bytes();
      const pressed = performance.now();
      program.press(key);
      times.push((await lastByte(program)) - pressed);
      await settled(program);
      counts.push(program.bytes() - before);
    }
  }
  program.press(quit);
  program.kill('SIGKILL');
  await program.waitExit();
  return { bytes: median(counts), lastByteMs: median(times), slowestMs: Math.max(...times) };
}

/** When the last byte of what answers a key came: within 100 ms, so that a clock that ticks later is not taken for it. */
async function lastByte(program: PtyProgram): Promise<number> {
  const start = performance.now();
  let last = start;
  let seen = program.bytes();
  while (performance.now() - start < 100) {
    await new Promise((resolve) => setImmediate(resolve));
    if (program.bytes() === seen) continue;
    seen = program.bytes();
    last = performance.now();
  }
  return last;
}

/** No byte for so long that the program has drawn what it had to draw. */
async function settled(program: PtyProgram): Promise<void> {
  let seen = -1;
  while (seen !== program.bytes()) {
    seen = program.bytes();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
