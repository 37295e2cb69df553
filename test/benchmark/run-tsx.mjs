// Bundles a .tsx file as the product is bundled for speed (no development checks) and runs it: run-tsx.mjs FILE ARGS…
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const [file = '', ...args] = process.argv.slice(2);
const outfile = join(mkdtempSync(join(tmpdir(), 'tourniquet-benchmark-')), 'program.mjs');
await build({
  entryPoints: [resolve(here, file)],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  define: { 'process.env.NODE_ENV': '"production"' },
  alias: { 'react-devtools-core': join(here, '../../src/no-devtools.mjs') },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
});
process.argv = [process.argv[0] ?? '', file, ...args];
await import(pathToFileURL(outfile).href);
