import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from '../support/bundle-program.ts';
import { millionLines } from './million-lines.ts';
import { moves } from './moves.ts';
import { tourniquet } from './program.ts';
import { type Start, starting, type TerminalRow, terminalTable } from './terminal-table.ts';
import { idle, overSlowLine, stalled, streaming } from './under-load.ts';

/** The screens beside programs of the terminal's own kind: each row on one pseudo-terminal in one run. */
export async function screensTable(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-screens-'));
  const bundles: string[] = [];
  const bundled = async (name: string, isStock = false) => {
    const bundle = await bundleProgram(fileURLToPath(new URL(name, import.meta.url)), { isStock });
    bundles.push(bundle);
    return (...args: string[]): Start =>
      starting([process.execPath, bundle, ...args], { NODE_ENV: 'production' });
  };
  try {
    const ours = await bundled('screen-program.tsx');
    const bare = await bundled('bare-ink.tsx', true);
    const rows: TerminalRow[] = [];
    const parts: readonly [string, () => Promise<TerminalRow[]>][] = [
      ['moves, 80×24', () => moves(folder, ours('steps'), bare('list'), 80, 24)],
      ['moves, 200×50', () => moves(folder, ours('steps'), bare('list'), 200, 50)],
      ['streaming', () => streaming(ours('stream'), bare('stream'))],
      ['a million lines', () => millionLines(folder, (file) => ours('output', file))],
      ['idle', () => idle(idlers(folder, bare('list')), ours('clock'))],
      ['a slow line', () => overSlowLine(ours('stream'), bare('stream'))],
      ['a stalled terminal', () => stalled(folder, ours('stream'), bare('stream'))],
    ];
    for (const [name, measure] of parts) {
      const began = performance.now();
      rows.push(...(await measure()));
      process.stderr.write(`  ${name}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
    }
    return terminalTable(rows);
  } finally {
    await rm(folder, { recursive: true });
    for (const bundle of bundles) await rm(join(bundle, '..'), { recursive: true });
  }
}

function idlers(folder: string, bareInk: Start) {
  return {
    tourniquet: starting([...tourniquet, '--incident-dir', join(folder, 'none')]),
    whiptail: starting(['whiptail', '--menu', 'choose', '20', '60', '2', '1', 'one', '2', 'two']),
    dialog: starting(['dialog', '--menu', 'choose', '20', '60', '2', '1', 'one', '2', 'two']),
    htop: starting(['htop'], { HOME: folder }),
    mc: starting(['mc', '-u', '-x', '/usr', '/usr'], { HOME: folder }),
    less: starting(['less', '/etc/services']),
    'a bare Ink app': bareInk,
  };
}
