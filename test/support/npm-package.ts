import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const KEPT = process.getuid?.() === 0 ? '/var/cache/tourniquet-test' : join(tmpdir(), 'tourniquet-test');

/**
 * The folder of a package's own files, e.g. of `asciinema-player@3.17.0`: what somebody else's reader or schema is taken
 * from without being installed. Fetched once from the npm registry, as it is, and kept; its archive must have the hash
 * (SHA-512, base64) that it had when the test was written.
 */
export function npmPackage(name: `${string}@${string}`, sha512: string): string {
  const folder = join(KEPT, name.replace('@', '-'));
  if (!existsSync(folder)) fetchPackage(name, sha512, folder);
  return join(folder, 'package');
}

function fetchPackage(name: string, sha512: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  const argv = ['pack', name, '--ignore-scripts', '--silent', '--pack-destination', draft];
  const file = execFileSync('npm', argv, { encoding: 'utf8', cwd: draft }).trim().split('\n').at(-1) ?? '';
  const archive = join(draft, file);
  const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (hash !== sha512) throw new Error(`${name} is another than it was: ${hash}`);
  execFileSync('tar', ['-xzf', archive, '-C', draft, '--no-same-owner']);
  try {
    renameSync(draft, folder);
  } catch {
    // Another test has fetched it meanwhile.
    rmSync(draft, { recursive: true, force: true });
  }
}
