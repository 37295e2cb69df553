import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseLinkerCache } from '../../../src/host/scan/linker-cache.ts';

const CACHE = '/etc/ld.so.cache';

it('reads the cache of this host’s linker as ldconfig prints it', () => {
  const said = execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  const listed = [...said.matchAll(/^\t(\S+) \(.*\) => (\S+)$/gm)].map(([, name, path]) => ({ name, path }));
  expect(listed.length).toBeGreaterThan(0);
  expect(parseLinkerCache(readFileSync(CACHE))).toEqual(listed);
});

it('makes of any other bytes what it can, and never fails', () => {
  const real = readFileSync(CACHE);
  const changes = fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { maxLength: 40 });
  fc.assert(
    fc.property(fc.nat(real.length), changes, (length, bytes) => {
      const changed = Buffer.from(real);
      for (const [at, byte] of bytes) changed[at] = byte;
      for (const { path } of parseLinkerCache(changed.subarray(0, length))) expect(path[0]).toBe('/');
    }),
  );
});
