import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Of the project that made the format; asciinema 3 itself is a Rust program that no registry at hand has. */
const PACKAGE = 'asciinema-player@3.17.0';
const SHA512 = 'JbjNJmA2TLIeYNaOEja+kVSzXadKoqpIzVVmfBGNj2DmdtE/vExBCnkE8NYEcpaQcDvUYg8Ltt0urT80frACmw==';
const FOLDER = join(
  process.getuid?.() === 0 ? '/var/cache/tourniquet-test' : join(tmpdir(), 'tourniquet-test'),
  'asciinema-player-3.17.0',
);

/**
 * asciinema's own player with its terminal, as a browser takes it. Fetched once from the npm registry, as it is, and
 * kept; its archive must have the hash that it had when this was written.
 */
export function asciinemaPlayer(): { readonly script: string; readonly style: string } {
  if (!existsSync(FOLDER)) fetchPlayer();
  const read = (name: string) => readFileSync(join(FOLDER, 'package/dist/bundle', name), 'utf8');
  return { script: read('asciinema-player.min.js'), style: read('asciinema-player.css') };
}

function fetchPlayer(): void {
  mkdirSync(dirname(FOLDER), { recursive: true });
  const draft = mkdtempSync(`${FOLDER}.`);
  const argv = ['pack', PACKAGE, '--ignore-scripts', '--silent', '--pack-destination', draft];
  const name = execFileSync('npm', argv, { encoding: 'utf8', cwd: draft }).trim().split('\n').at(-1) ?? '';
  const archive = join(draft, name);
  const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (hash !== SHA512) throw new Error(`${PACKAGE} is another than it was: ${hash}`);
  execFileSync('tar', ['-xzf', archive, '-C', draft, '--no-same-owner']);
  try {
    renameSync(draft, FOLDER);
  } catch {
    // Another test has fetched it meanwhile.
    rmSync(draft, { recursive: true, force: true });
  }
}
