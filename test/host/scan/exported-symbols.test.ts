import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hidingLibrary } from '../../../src/drill/hiding-library.ts';
import { runTool } from '../../../src/host/run-tool.ts';
import { exportedSymbols } from '../../../src/host/scan/exported-symbols.ts';
import { ensureTools } from '../../../src/host/system-tools.ts';
import { at, codesOf, scanDebian } from './starts/packaged.ts';

it('gives what a library defines, and not what it only uses', () => {
  expect(exportedSymbols(hidingLibrary())).toEqual(['readdir', 'readdir64']);
});

it('gives what readelf gives of the libraries of this machine', async () => {
  await ensureTools(['readelf'], { install: true, say: () => {} });
  const libraries = [
    '/lib/x86_64-linux-gnu/libm.so.6',
    '/lib/x86_64-linux-gnu/libdl.so.2',
    '/lib64/libm.so.6',
  ];
  for (const path of libraries.filter((one) => existsSync(one))) {
    const said = (await runTool(['readelf', '--dyn-syms', '--wide', path])).stdout.toString();
    const defined = said.split('\n').flatMap((line) => {
      const [number = '', , , , , , section = '', name] = line.trim().split(/\s+/);
      return /^\d+:$/.test(number) && section !== 'UND' && name !== undefined
        ? [name.replace(/@.*/, '')]
        : [];
    });
    expect(new Set(exportedSymbols(readFileSync(path)))).toEqual(new Set(defined));
  }
});

it('survives any bytes, and any byte of a library changed', () => {
  const library = hidingLibrary();
  fc.assert(
    fc.property(fc.nat(library.length - 1), fc.nat(255), fc.nat(library.length), (place, value, length) => {
      const changed = Buffer.from(library.subarray(0, length));
      if (place < length) changed[place] = value;
      expect(exportedSymbols(changed).length).toBeLessThan(20_000);
    }),
  );
});

it('blames a preloaded library that puts itself before what lists processes, and not an allocator beside it', async () => {
  const outcome = await scanDebian(
    {},
    {
      '/etc/ld.so.preload': '/usr/local/lib/libprocps-sync.so\n/usr/local/lib/libsnoop.so\n',
      '/usr/local/lib/libprocps-sync.so': { bytes: hidingLibrary() },
      '/usr/local/lib/libsnoop.so': {
        bytes: Buffer.from(hidingLibrary().toString('latin1').replaceAll('readdir', 'execves'), 'latin1'),
      },
    },
  );
  const [hides, other] = outcome.findings.filter(({ title }) => title.startsWith('/etc/ld.so.preload'));
  const [bad, good] = codesOf(hides).includes('hides-things') ? [hides, other] : [other, hides];
  expect(bad).toMatchObject({ verdict: 'malicious', subject: { details: { hides: 'readdir, readdir64' } } });
  expect(good?.verdict).not.toBe('malicious');
  expect(codesOf(good)).not.toContain('hides-things');
  expect(at(outcome, '/usr/local/lib/libsnoop.so')?.verdict ?? 'not mentioned').not.toBe('malicious');
});
