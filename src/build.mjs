// Bundles src/cli/main.ts into dist/ (ESM, split so that what is heavy loads only when used).
//
//   build.mjs                     build
//   build.mjs --then FILE ARGS…   build if dist/ is older than src/, then run FILE with ARGS
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'dist');

function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return newest;
}

function isStale() {
  const bundle = join(output, 'main.js');
  if (!existsSync(bundle)) return true;
  const sources = Math.max(newestIn(join(root, 'src')), statSync(join(root, 'package-lock.json')).mtimeMs);
  return statSync(bundle).mtimeMs < sources;
}

export async function build() {
  const { build: esbuild } = await import('esbuild');
  // Built aside and renamed into place, so that a second command started meanwhile never sees half of it.
  const fresh = join(root, 'dist', `.fresh-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  await esbuild({
    entryPoints: { main: join(root, 'src/cli/main.ts') },
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minifySyntax: true,
    sourcemap: 'linked',
    define: { 'process.env.NODE_ENV': '"production"' },
    // Ink loads its developer tools only when DEV=true, which the bundle never is.
    alias: { 'react-devtools-core': join(root, 'src/no-devtools.mjs') },
    // CommonJS dependencies call require() for Node's own modules.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
  });
  const files = readdirSync(fresh).sort((a, b) => Number(a === 'main.js') - Number(b === 'main.js'));
  for (const file of files) renameSync(join(fresh, file), join(output, file));
  rmSync(fresh, { recursive: true });
}

const isMain = process.argv[1] === fileURLToPath(import.meta.url);
if (isMain) {
  if (process.argv[2] === '--then') {
    const [script, ...args] = process.argv.slice(3);
    if (isStale()) await build();
    process.argv = [process.argv[0], script, ...args];
    await import(script);
  } else {
    await build();
  }
}
