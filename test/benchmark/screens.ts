import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { formatBytes } from '../../src/text/format.ts';
import { KEYS, type PtyProgram, startPty } from '../support/pty.ts';
import { type Measurement, median, ms } from './measure.ts';

const here = dirname(fileURLToPath(import.meta.url));
const program = (...args: string[]) => [process.execPath, join(here, 'run-tsx.mjs'), ...args];
const BARE_INK = 'a bare Ink list';

/** The screens under load: bytes of a move, keys while output streams, a million lines, idle. */
export async function screens(): Promise<Measurement[]> {
  return [
    ...(await moves(80, 24)),
    ...(await moves(200, 50)),
    ...(await streaming()),
    ...(await millionLines()),
    ...(await idle()),
  ];
}

/** Bytes for a move in view and for one that scrolls, in a checklist of a hundred steps. */
async function moves(columns: number, rows: number): Promise<Measurement[]> {
  const size = `${columns}×${rows}`;
  const ours = await listCost(
    program('screen-program.tsx', 'steps'),
    /Look at part 1 of/,
    columns,
    rows,
    '\t\t',
  );
  const theirs = await listCost(program('bare-ink.tsx'), /Look at part 1 of/, columns, rows, '');
  return [
    row(`bytes for a move of the cursor in a checklist of 100 steps (${size})`, ours.move, theirs.move),
    row(`bytes for a move that scrolls (${size})`, ours.scroll, theirs.scroll),
    {
      what: `key to its last byte, idle, slowest of 40 in brackets (${size})`,
      ours: `${ms(median(ours.times))} (${ms(Math.max(...ours.times))})`,
      against: BARE_INK,
      theirs: `${ms(median(theirs.times))} (${ms(Math.max(...theirs.times))})`,
      ratio: median(ours.times) / median(theirs.times),
    },
  ];
}

function row(what: string, ours: number, theirs: number): Measurement {
  return { what, ours: String(ours), against: BARE_INK, theirs: String(theirs), ratio: ours / theirs };
}

async function listCost(
  argv: readonly string[],
  text: RegExp,
  columns: number,
  rows: number,
  before: string,
) {
  const running = startPty(argv, { columns, rows });
  await running.waitFor(text, 60_000);
  await settled(running);
  // The checklist gets the cursor.
  if (before !== '') running.press(before);
  await settled(running);
  const bytes: number[] = [];
  const times: number[] = [];
  for (let press = 0; press < 60; press += 1) {
    const start = running.bytes();
    const pressed = performance.now();
    running.press(KEYS.down);
    times.push((await lastByte(running)) - pressed);
    await settled(running, 60);
    bytes.push(running.bytes() - start);
  }
  await end(running);
  // A move in view costs what most cost; what costs most are those that scroll.
  return {
    move: Math.min(...bytes.filter((count) => count > 0)),
    scroll: Math.max(...bytes),
    times: times.slice(0, 40),
  };
}

/** Keys while 100,000 lines come in: the help is opened and closed. */
async function streaming(): Promise<Measurement[]> {
  const times: number[] = [];
  const running = await untilRunning(program('screen-program.tsx', 'stream'));
  for (let press = 0; press < 40; press += 1) {
    const pressed = performance.now();
    running.press('?');
    await running.waitFor('esc back', 20_000);
    times.push(performance.now() - pressed);
    running.press(KEYS.escape);
    await running.waitFor('Doing: run-command', 20_000);
  }
  await end(running);
  const sorted = times.sort((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
  const bare = await bareKey();
  return [
    {
      what: 'key to its picture while 100,000 lines stream in, p95 (80×24)',
      ours: ms(p95),
      against: `${BARE_INK}, idle, p95`,
      theirs: ms(bare),
      ratio: p95 / bare,
    },
  ];
}

async function bareKey(): Promise<number> {
  const running = startPty(program('bare-ink.tsx'));
  await running.waitFor(/Look at part 1 of/, 60_000);
  await settled(running);
  const times: number[] = [];
  for (let press = 0; press < 40; press += 1) {
    const pressed = performance.now();
    running.press(press % 2 === 0 ? KEYS.down : KEYS.up);
    times.push((await lastByte(running)) - pressed);
  }
  await end(running);
  return times.sort((a, b) => a - b)[38] ?? Number.NaN;
}

const NEEDLE = 'the very last line';

/** One million lines of output: memory, time until they are shown, time to search through all of them. */
async function millionLines(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-million-'));
  try {
    const file = join(folder, 'output.log');
    const stream = createWriteStream(file);
    for (let line = 1; line < 1_000_000; line += 1) {
      if (!stream.write(`Get:${line} http://deb.example/debian package-${line}\n`))
        await new Promise((resolve) => stream.once('drain', resolve));
    }
    stream.end(`${NEEDLE}\n`);
    await finished(stream);
    const running = await untilRunning(program('screen-program.tsx', 'output', file));
    const opened = performance.now();
    running.press('o');
    await running.waitFor('Get:1 http', 60_000);
    const openMs = performance.now() - opened;
    await running.waitFor(/of 1000000 /, 60_000);
    running.press('g');
    await running.waitFor('Get:1 http', 60_000);
    running.press(`/${NEEDLE}`);
    await settled(running);
    const searched = performance.now();
    running.press(KEYS.enter);
    await running.waitFor(new RegExp(`❯${NEEDLE}`), 60_000);
    const searchMs = performance.now() - searched;
    const memory = residentBytes(running.pid);
    await end(running);
    const grep = performance.now();
    await new Promise((resolve) => startPty(['grep', '-n', NEEDLE, file]).waitExit().then(resolve));
    const grepMs = performance.now() - grep;
    const limit = (what: string, ours: string, value: number, goal: number, words: string): Measurement => ({
      what,
      ours,
      against: 'the goal',
      theirs: words,
      ratio: value / goal,
    });
    return [
      limit('a million lines: until the first are shown', ms(openMs), openMs, 100, '100 ms'),
      {
        what: 'a million lines: searched to the last',
        ours: ms(searchMs),
        against: 'grep',
        theirs: ms(grepMs),
        ratio: searchMs / grepMs,
      },
      limit('a million lines: memory', formatBytes(memory), memory, 160e6, '160 MB'),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Nothing goes on and nobody presses anything. */
async function idle(): Promise<Measurement[]> {
  const running = startPty(program('screen-program.tsx', 'steps'));
  await running.waitFor(/Look at part 1 of/, 60_000);
  await settled(running, 3000);
  const [cpu, bytes, since] = [cpuMs(running.pid), running.bytes(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  const seconds = (performance.now() - since) / 1000;
  const percent = (cpuMs(running.pid) - cpu) / seconds / 10;
  const rate = (running.bytes() - bytes) / seconds;
  await end(running);
  return [
    {
      what: 'idle, with the clock running: bytes a second',
      ours: rate.toFixed(1),
      against: 'the goal',
      theirs: '60',
      ratio: rate / 60,
    },
    {
      what: 'idle: share of a core',
      ours: `${percent.toFixed(2)} %`,
      against: 'the goal',
      theirs: '0.2 %',
      ratio: percent / 0.2,
    },
  ];
}

/** The program, once its command runs. */
async function untilRunning(argv: readonly string[]): Promise<PtyProgram> {
  const running = startPty(argv);
  await running.waitFor('Doing: run-command', 60_000);
  return running;
}

/** CPU time of all threads so far, from the scheduler: it does not count waiting for others on a busy machine. */
export function cpuMs(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((sum, task) => {
    const [ran = '0'] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ');
    return sum + Number(ran) / 1e6;
  }, 0);
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

async function lastByte(running: PtyProgram): Promise<number> {
  const start = performance.now();
  let last = start;
  let seen = running.bytes();
  while (performance.now() - start < 60) {
    await new Promise((resolve) => setImmediate(resolve));
    if (running.bytes() === seen) continue;
    seen = running.bytes();
    last = performance.now();
  }
  return last;
}

async function settled(running: PtyProgram, forMs = 250): Promise<void> {
  let seen = -1;
  while (seen !== running.bytes()) {
    seen = running.bytes();
    await new Promise((resolve) => setTimeout(resolve, forMs));
  }
}

async function end(running: PtyProgram): Promise<void> {
  running.kill('SIGKILL');
  await running.waitExit();
}
