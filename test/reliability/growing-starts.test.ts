import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { START_READERS } from '../../src/host/scan/starts/registry.ts';
import type { StartPlace } from '../../src/host/scan/starts/start-reader.ts';
import type { Pair } from '../host/scan/mechanisms/pair.ts';
import { makeTree, someFacts, type TreeEntry } from '../host/scan/tree.ts';
import { runs } from '../support/length.ts';

const PAIRS = join(import.meta.dirname, '../host/scan/mechanisms');
const ACCOUNTS = ['/root', '/home/ann'].map((home, uid) => ({
  ...{ name: home.slice(home.lastIndexOf('/') + 1), uid, gid: uid, home, shell: '/bin/bash' },
}));

/** What a pattern may go through again and again: nothing closes it, or all of it does. */
const PUMPS = [
  ...[' ', '|', '"', '"a" ', "'a' ", '/* ', 'a=$a;', '$(', '\\\n', '\n', '`', '(', '/a ', '<a>', 'a:\n', '%'],
  ...[
    '<command>a</command>',
    'polkit.addRule(',
    'sh "',
    'system("',
    '- a\n',
    'postrotate\n',
    '{',
    '//',
    '<!--',
  ],
];
const SHORT = 8 * 1024;
const LONG = 4 * SHORT;

interface Parser {
  readonly place: StartPlace;
  /** A line of the real case, into which is grown. */
  readonly seed: string;
}

async function parsers(): Promise<Map<string, Parser>> {
  const found = new Map<string, Parser>();
  for (const name of readdirSync(PAIRS).filter((each) => each !== 'pair.ts')) {
    const { pair } = (await import(join(PAIRS, name))) as { readonly pair?: Pair };
    if (pair === undefined || pair.look !== undefined) continue;
    const entries: Record<string, TreeEntry> = { ...pair.packaged, ...pair.tree };
    const look = { root: makeTree(entries), facts: someFacts(), accounts: ACCOUNTS, unknowns: [] };
    for (const { mechanism, list } of START_READERS)
      for (const place of list(look as never, 'boot')) {
        const entry = entries[place.path];
        const text = typeof entry === 'string' ? entry : entry && 'text' in entry ? entry.text : '';
        const seed = text.split('\n').find((line) => /^\s*\w.{8,200}$/.test(line));
        const key = `${mechanism} ${place.path.replace(/[^/]*?(\.\w+)?$/, '$1')}`;
        if (seed !== undefined && !found.has(key)) found.set(key, { place, seed });
      }
  }
  return found;
}

function grown({ place, seed }: Parser, pump: string, length: number): string {
  const middle = Math.floor(seed.length / 2);
  const wide = `${seed.slice(0, middle)}${pump.repeat(Math.ceil(4000 / pump.length))}${seed.slice(middle)}\n`;
  const shebang = place.as === 'file' ? '#!/bin/sh\n' : '';
  return (
    shebang + wide.repeat(Math.ceil(length / wide.length)) + pump.repeat(Math.ceil(length / pump.length))
  );
}

/** Of processor time, so that a loaded machine does not count. */
function cpuMs({ place }: Parser, text: string): number {
  const before = process.cpuUsage();
  place.parse({ path: place.path, text, isBinary: false, mode: 0o755, uid: 0 });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('a start file that grows', () => {
  test('takes its share of time and not its square, whatever it is filled with', {
    timeout: 120_000,
  }, async () => {
    const all = await parsers();
    const mechanisms = new Set([...all.keys()].map((key) => key.split(' ')[0]));
    expect(mechanisms.size).toBeGreaterThan(START_READERS.length / 2);
    // At ordinary length each is filled with a few of them, and all of them fill some.
    const apart = runs(5, 1);
    for (const [at, [name, parser]] of [...all].entries())
      for (const pump of PUMPS.filter((_, index) => (index + at) % apart === 0)) {
        const long = grown(parser, pump, LONG);
        // Small enough to be no matter, square or not: a file is read for a MiB at most.
        if (cpuMs(parser, long) < 40) continue;
        const short = grown(parser, pump, SHORT);
        const [before, after] = [short, long].map((text) =>
          Math.min(...Array.from({ length: 3 }, () => cpuMs(parser, text))),
        );
        expect(after, `${name}, filled with ${JSON.stringify(pump)}`).toBeLessThan(8 * (before ?? 0) + 20);
      }
  });
});
