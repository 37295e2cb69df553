import { describe, expect, it } from 'vitest';
import { readCommand } from '../../src/findings/command-reading.ts';

const runs = (text: string) =>
  readCommand(text, { home: null, workingFolder: null })
    .targets.filter(({ use }) => use === 'run')
    .map(({ path }) => path);

describe('where a command leads', () => {
  it.each([
    ['/a/run >/dev/null 2>&1 || /b/run x', ['/a/run', '/b/run']],
    ['(/a/run||/b/run)&', ['/a/run', '/b/run']],
    ['[ -x /a/run ] && /a/run || sh /b/run', ['/a/run', '/b/run']],
    ['d=/a/.b; $d/run || "${d}/again"', ['/a/.b/run', '/a/.b/again']],
    ['d=/a\ne=$d/b\n$e/run', ['/a/b/run']],
    ['d=$(mktemp -d); $d/run', []],
  ])('%s', (text, expected) => {
    expect(runs(text)).toEqual(expect.arrayContaining(expected));
    expect(runs(text)).toHaveLength(expected.length);
  });
});
