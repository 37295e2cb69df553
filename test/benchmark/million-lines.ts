import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { finished } from 'node:stream/promises';
import { KEYS } from '../support/pty.ts';
import { has } from './measure.ts';
import { end, residentBytes, settled } from './press.ts';
import {
  PROGRAMS,
  type ProgramName,
  type Start,
  size,
  starting,
  type TerminalRow,
  tookMs,
} from './terminal-table.ts';

const LINES = 1_000_000;
const NEEDLE = 'the very last line';

interface Seen {
  readonly openMs: number;
  readonly searchMs: number | null;
  readonly bytes: number;
}

/** One million lines of output: time until they are shown, to search through all of them, and memory. */
export async function millionLines(folder: string, ours: (file: string) => Start): Promise<TerminalRow[]> {
  const file = join(folder, 'output.log');
  await write(file);
  const box = ['--textbox', file, '24', '80'];
  const others: Partial<Record<ProgramName, Start>> = {
    whiptail: starting(['whiptail', '--scrolltext', ...box]),
    dialog: starting(['dialog', ...box]),
    mc: starting(['mcview', file], { HOME: folder }),
    less: starting(['less', '-N', file]),
  };
  const seen: Partial<Record<ProgramName, Seen>> = { tourniquet: await look(ours(file)) };
  for (const name of PROGRAMS) {
    const start = others[name];
    if (start !== undefined && has(name)) seen[name] = await lookAt(start, name);
  }
  const row = (what: string, limit: string, value: (one: Seen) => string): TerminalRow => ({
    what: `a million lines: ${what}`,
    limit,
    values: Object.fromEntries(Object.entries(seen).map(([name, one]) => [name, value(one)])),
  });
  return [
    row('until the first (ours: the last, it still grows) are shown', '100 ms', (one) => tookMs(one.openMs)),
    row('searched through to the last', '1 s', ({ searchMs }) => (searchMs === null ? '' : tookMs(searchMs))),
    row('memory', '160 MB', (one) => size(one.bytes)),
  ];
}

async function write(file: string): Promise<void> {
  const stream = createWriteStream(file);
  for (let line = 1; line < LINES; line += 1) {
    if (!stream.write(`Get:${line} http://deb.example/debian package-${line}\n`))
      await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end(`${NEEDLE}\n`);
  await finished(stream);
}

async function look(start: Start): Promise<Seen> {
  const running = start();
  await running.waitFor('Doing: run-command', 60_000);
  await settled(running);
  const opened = performance.now();
  // It still grows: what is shown first is its end.
  running.press('o');
  await running.waitFor(NEEDLE, 60_000);
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
  const bytes = residentBytes(running.pid);
  await end(running);
  return { openMs, searchMs, bytes };
}

/** Their start counts too: they are started with the file. */
async function lookAt(start: Start, name: ProgramName): Promise<Seen> {
  const opened = performance.now();
  const running = start();
  await running.waitFor(/Get:1 http/, 60_000);
  const openMs = performance.now() - opened;
  await settled(running);
  let searchMs: number | null = null;
  if (name === 'less') {
    running.press(`/${NEEDLE}`);
    await settled(running);
    const searched = performance.now();
    running.press(KEYS.enter);
    await running.waitFor(new RegExp(`^ *${LINES} ${NEEDLE}`, 'm'), 60_000);
    searchMs = performance.now() - searched;
  }
  const bytes = residentBytes(running.pid);
  await end(running);
  return { openMs, searchMs, bytes };
}
