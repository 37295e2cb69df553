import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { castOfTypescript } from '../../src/transcript/cast-of-typescript.ts';
import { startPty } from '../support/pty.ts';

const CONTEXT = { columns: 80, rows: 24, startedMs: 1_763_870_400_000, title: 'shell-1' };

const linesOf = (cast: string) =>
  cast
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

it('keeps the times, and characters that were cut between two pieces', () => {
  const typescript = Buffer.from('Script started on 2026-11-23\nabgrün');
  const cast = castOfTypescript(typescript, '0.5 2\n0.000001 3\n1.25 2\n', CONTEXT);
  expect(linesOf(cast)).toEqual([
    { version: 3, term: { cols: 80, rows: 24 }, timestamp: 1_763_870_400, title: 'shell-1' },
    [0.5, 'o', 'ab'],
    [0.000001, 'o', 'gr'],
    [1.25, 'o', 'ün'],
  ]);
});

it('leaves out lines of the timing that are none, and stops where the output does', () => {
  const cast = castOfTypescript(Buffer.from('head\nabc'), 'rubbish\n0.1 2\n0.1 99\n0.1 5\n', CONTEXT);
  expect(linesOf(cast).slice(1)).toEqual([
    [0.1, 'o', 'ab'],
    [0.1, 'o', 'c'],
  ]);
});

it('reads what script(1) writes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tourniquet-cast-'));
  try {
    const typescript = join(folder, 't');
    const argv = ['/usr/bin/script', '--quiet', '--return', `--timing=${typescript}.timing`];
    const program = startPty([
      ...argv,
      '--command',
      'printf one; printf "\\033[31mtwo\\n"; exit 7',
      typescript,
    ]);
    expect(await program.waitExit(30_000)).toBe(7);
    const cast = castOfTypescript(
      readFileSync(typescript),
      readFileSync(`${typescript}.timing`, 'latin1'),
      CONTEXT,
    );
    const text = linesOf(cast)
      .slice(1)
      .map(([, , data]) => data)
      .join('');
    expect(text).toBe('one\u001b[31mtwo\r\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
