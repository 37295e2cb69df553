import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { KEYS, type PtyProgram } from '../support/pty.ts';
import { cpuMs, end, percentile } from './press.ts';
import { type ProgramName, type Start, type TerminalRow, tookMs } from './terminal-table.ts';

/** 20,000 lines a second: so long for 100,000. */
const STREAM_MS = 5000;
/** As issued by a mobile line at its edge. */
const LINE = { bytesPerSecond: 8192, roundTripMs: 300 };
const SLOW_KEYS = 12;
const NEVER_MS = 10_000;
const STALL_MS = 3000;
const IDLE_MS = 15_000;
const SETTLES_MS = 4000;
/** Rows that the cursor goes down before it comes back. */
const SWING = 10;
const BARE = 'a bare Ink app';

/** Keys that come while output streams in, on the spot. */
export async function streaming(ours: Start, bareInk: Start): Promise<TerminalRow[]> {
  const of = async (start: Start, key: KeyToSee) => {
    const running = await opened(start, key);
    const times: number[] = [];
    for (const began = performance.now(); performance.now() - began < STREAM_MS; )
      times.push(await key(running, NEVER_MS));
    await end(running);
    return `${tookMs(percentile(times, 0.95))} of ${times.length}`;
  };
  return [
    {
      what: 'key to its picture while 100,000 lines stream in: p95',
      limit: '40 ms',
      values: { tourniquet: await of(ours, helpKey()), [BARE]: await of(bareInk, moveKey()) },
    },
  ];
}

/** The same over a line of 8 KiB a second and 300 ms there and back. */
export async function overSlowLine(ours: Start, bareInk: Start): Promise<TerminalRow[]> {
  const of = async (start: Start, key: KeyToSee) => {
    const running = await opened((options) => start({ ...options, line: LINE }), key);
    const times: number[] = [];
    for (let press = 0; press < SLOW_KEYS; press += 1) {
      const tookMs = await key(running, NEVER_MS);
      times.push(tookMs - LINE.roundTripMs);
      // It will not get better.
      if (Number.isNaN(tookMs)) break;
    }
    await end(running);
    const worst = times.some(Number.isNaN) ? Number.NaN : Math.max(...times);
    return `${tookMs(percentile(times, 0.5))}, ${tookMs(worst)}`;
  };
  return [
    {
      what: 'the same over 8 KiB/s and 300 ms, beyond the round trip: median, worst',
      limit: '200 ms',
      values: { tourniquet: await of(ours, letterKey()), [BARE]: await of(bareInk, moveKey()) },
    },
  ];
}

/** The terminal takes nothing for three seconds while output streams and keys are pressed. */
export async function stalled(folder: string, ours: Start, bareInk: Start): Promise<TerminalRow[]> {
  const of = async (start: Start, key: KeyToSee, text: string) => {
    const file = join(folder, 'loop-gap');
    rmSync(file, { force: true });
    const running = await opened((options) => start({ ...options, environment: { LOOP_GAP: file } }), key);
    await gaps(running, file);
    running.stall(true);
    const began = performance.now();
    // Held down, as people do when nothing happens.
    while (performance.now() - began < STALL_MS) {
      running.press(text);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    running.stall(false);
    const [loop, child] = await gaps(running, file);
    await end(running);
    return `${tookMs(loop)}, ${tookMs(child)}`;
  };
  return [
    {
      what: 'a terminal that stalls for 3 s: longest gap in the event loop, and in what is heard of a child',
      limit: '200 ms',
      values: {
        tourniquet: await of(ours, helpKey(), '?\x1b'),
        [BARE]: await of(bareInk, moveKey(), KEYS.down),
      },
    },
  ];
}

async function gaps(running: PtyProgram, file: string): Promise<[number, number]> {
  rmSync(file, { force: true });
  running.kill('SIGUSR2');
  while (!existsSync(file) || !readFileSync(file, 'utf8').endsWith('\n'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  return JSON.parse(readFileSync(file, 'utf8')) as [number, number];
}

/** Nothing goes on and nobody presses anything; all of them at once. */
export async function idle(
  starts: Partial<Record<ProgramName, Start>>,
  clock: Start,
): Promise<TerminalRow[]> {
  const all = { ...starts, clock };
  const running = Object.entries(all).map(([name, start]) => ({ name, program: start() }));
  // Some of them never come to rest.
  await new Promise((resolve) => setTimeout(resolve, SETTLES_MS));
  const before = running.map(({ program }) => [cpuMs(program.pid), program.bytes()] as const);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const seconds = IDLE_MS / 1000;
  const found = Object.fromEntries(
    running.map(({ name, program }, index) => {
      const [cpu = 0, bytes = 0] = before[index] ?? [];
      const share = (cpuMs(program.pid) - cpu) / seconds / 10;
      const rate = (program.bytes() - bytes) / seconds;
      return [name, `${share.toFixed(2)} %, ${rate.toFixed(0)}`];
    }),
  );
  for (const { program } of running) await end(program);
  const { clock: withClock = '', ...others } = found;
  return [
    { what: 'idle: share of a core, bytes a second', limit: '0.2 %, 0', values: others },
    {
      what: 'an incident on the screen, its clock running: the same',
      limit: '60 bytes',
      values: { tourniquet: withClock },
    },
  ];
}

/** Presses a key; milliseconds until the screen shows its answer, NaN if it never does. */
type KeyToSee = (running: PtyProgram, mostMs: number) => Promise<number>;

async function opened(start: Start, key: KeyToSee): Promise<PtyProgram> {
  const running = start();
  await running.waitFor(/part 1 of|Doing: run-command/, 60_000);
  await running.waitFor(/Get:\d/, 60_000);
  // The first time code is run it is slow.
  await key(running, NEVER_MS);
  await key(running, NEVER_MS);
  return running;
}

function timed(act: (running: PtyProgram, turn: number, mostMs: number) => Promise<void>): KeyToSee {
  let turn = 0;
  return async (running, mostMs) => {
    const start = performance.now();
    try {
      await act(running, turn++, mostMs);
      return performance.now() - start;
    } catch {
      return Number.NaN;
    }
  };
}

/** The whole screen changes: help opens, help closes. */
function helpKey(): KeyToSee {
  return timed(async (running, turn, mostMs) => {
    running.press(turn % 2 === 0 ? '?' : KEYS.escape);
    if (turn % 2 === 0) await running.waitFor('esc back', mostMs);
    else await running.waitGone('esc back', mostMs);
  });
}

/** The cursor moves a row. Its rows follow one another so that no late answer is taken for the next. */
function moveKey(): KeyToSee {
  let first = -1;
  return timed(async (running, turn, mostMs) => {
    if (first < 0) first = cursorRow(running);
    const at = (press: number) => SWING - Math.abs((press % (2 * SWING)) - SWING);
    running.press(at(turn + 1) > at(turn) ? KEYS.down : KEYS.up);
    await running.until('the cursor moved', () => cursorRow(running) === first + at(turn + 1), mostMs);
  });
}

/** A letter is typed into a note, below the output that streams. */
function letterKey(): KeyToSee {
  let typed = '';
  return timed(async (running, turn, mostMs) => {
    if (turn === 0) {
      running.press('n');
      await running.waitFor('What should whoever reads this know?', mostMs);
      return;
    }
    const letter = String.fromCharCode(97 + (turn % 26));
    typed += letter;
    running.press(letter);
    await running.waitFor(`❯ ${typed}`, mostMs);
  });
}

function cursorRow(running: PtyProgram): number {
  return running.screen().findIndex((row) => row.includes('❯'));
}
