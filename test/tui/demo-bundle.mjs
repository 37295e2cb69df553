import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** Bundles demo.tsx (Node runs TypeScript, but not JSX) and gives the file to run. */
export async function demoBundle() {
  const outfile = join(mkdtempSync(join(tmpdir(), 'tourniquet-demo-')), 'demo.mjs');
  await build({
    entryPoints: [join(here, 'demo.tsx')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { 'react-devtools-core': join(here, '../../src/no-devtools.mjs') },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
}
