import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { bundling } from '../../src/build.mjs';

/**
 * Bundles a program of the tests (Node runs TypeScript, but not JSX) and gives the file to run: as the product is
 * bundled, or without what the product's build mends in Ink (`isStock`).
 */
export async function bundleProgram(path: string, { isStock = false } = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tourniquet-bundle-'));
  const outfile = join(folder, `${basename(path).replace(/\.tsx?$/, '')}.mjs`);
  await build({
    ...bundling,
    entryPoints: [path],
    outfile,
    ...(isStock ? { plugins: [] } : {}),
  });
  return outfile;
}
