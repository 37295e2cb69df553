import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmPackage } from './npm-package.ts';

/** asciinema's own player with its terminal, as a browser takes it; asciinema 3 itself is in no registry at hand. */
export function asciinemaPlayer(): { readonly script: string; readonly style: string } {
  const folder = npmPackage(
    'asciinema-player@3.17.0',
    'JbjNJmA2TLIeYNaOEja+kVSzXadKoqpIzVVmfBGNj2DmdtE/vExBCnkE8NYEcpaQcDvUYg8Ltt0urT80frACmw==',
  );
  const read = (name: string) => readFileSync(join(folder, 'dist/bundle', name), 'utf8');
  return { script: read('asciinema-player.min.js'), style: read('asciinema-player.css') };
}
