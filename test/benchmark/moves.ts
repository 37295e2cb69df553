import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS } from '../support/pty.ts';
import { has, median } from './measure.ts';
import { end, type KeyCost, percentile, pressed, settled } from './press.ts';
import {
  PROGRAMS,
  type ProgramName,
  type Start,
  starting,
  type TerminalRow,
  tookMs,
} from './terminal-table.ts';

const ITEMS = 100;
const LIST = /part 1 of/;
/** As the terminals of curses programs send them after having been asked to. */
const CURSES_DOWN = '\x1bOB';
/** These are all in view: the lists are longer than that. */
const IN_VIEW = 10;

interface List {
  readonly start: Start;
  readonly shows: RegExp;
  readonly down: string;
  /** Pressed first, so that the list has the cursor. */
  readonly before?: string;
}

/** A list of a hundred, and its cursor moved down: bytes, and time until the last of them. */
export async function moves(
  folder: string,
  ours: Start,
  bareInk: Start,
  columns: number,
  rows: number,
): Promise<TerminalRow[]> {
  const lists = listsOf(folder, ours, bareInk, columns, rows);
  const at = `${columns}×${rows}`;
  const found: Partial<Record<ProgramName, readonly KeyCost[]>> = {};
  for (const name of PROGRAMS) {
    const list = lists[name];
    if (list === undefined || (name !== 'tourniquet' && name !== 'a bare Ink app' && !has(name))) continue;
    found[name] = await costs(list, columns, rows, name === 'tourniquet' && rows === 24 ? ITEMS : rows + 12);
  }
  const row = (
    what: string,
    limit: string,
    value: (all: readonly KeyCost[], name: string) => string,
  ): TerminalRow => ({
    what: `${what} (${at})`,
    limit,
    values: Object.fromEntries(Object.entries(found).map(([name, all]) => [name, value(all, name)])),
  });
  return [
    row('bytes for a move in a list of 100', '200', (all) => String(moveBytes(all))),
    row('bytes for a move that scrolls', rows === 24 ? '800' : '2,200', (all) =>
      String(Math.max(...all.map(({ bytes }) => bytes))),
    ),
    ...(rows === 24
      ? [
          row('key to its last byte, idle: p50, p99', '5, 15 ms', (all) => {
            const times = all.map((cost) => cost.tookMs);
            return `${tookMs(percentile(times, 0.5))}, ${tookMs(percentile(times, 0.99))}`;
          }),
          // Of htop it is its launcher that is known.
          row('processor time of a key, median', '', (all, name) =>
            name === 'htop' ? '' : tookMs(median(all.map((cost) => cost.cpuMs))),
          ),
        ]
      : []),
  ];
}

function moveBytes(all: readonly KeyCost[]): number {
  return median(
    all
      .slice(1, IN_VIEW)
      .map(({ bytes }) => bytes)
      .filter((bytes) => bytes > 0),
  );
}

async function costs(list: List, columns: number, rows: number, presses: number): Promise<KeyCost[]> {
  const running = list.start({ columns, rows });
  try {
    await running.waitFor(list.shows, 60_000);
    await settled(running);
    if (list.before !== undefined) await pressed(running, list.before);
    const all: KeyCost[] = [];
    for (let press = 0; press < presses; press += 1) all.push(await pressed(running, list.down));
    return all;
  } finally {
    await end(running);
  }
}

function listsOf(
  folder: string,
  ours: Start,
  bareInk: Start,
  columns: number,
  rows: number,
): Partial<Record<ProgramName, List>> {
  const words = Array.from({ length: ITEMS }, (_, index) => `Look at part ${index + 1} of the host`);
  const items = words.flatMap((text, index) => [String(index + 1), text]);
  const menu = ['--menu', 'choose', String(rows), String(columns), String(rows - 8), ...items];
  const files = join(folder, `files-${columns}`);
  mkdirSync(files);
  for (const [index, text] of words.entries()) writeFileSync(join(files, `part-${index + 1}`), text);
  // So many processes and no others, whatever else this machine runs.
  const processes = `i=0; while [ $i -lt ${ITEMS} ]; do sleep 600 & i=$((i+1)); done; exec htop -d 600`;
  const own = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const home = { HOME: folder };
  const curses = { down: CURSES_DOWN };
  return {
    tourniquet: { start: ours, shows: LIST, down: KEYS.down, before: '\t' },
    whiptail: { start: starting(['whiptail', ...menu]), shows: LIST, down: KEYS.down },
    dialog: { start: starting(['dialog', ...menu]), shows: LIST, ...curses },
    htop: { start: starting([...own, 'sh', '-c', processes], home), shows: /sleep 600/, ...curses },
    mc: { start: starting(['mc', '-u', '-x', files, files], home), shows: /10Quit/, ...curses },
    'a bare Ink app': { start: bareInk, shows: LIST, down: KEYS.down },
  };
}
