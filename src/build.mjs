// Bundles src/cli/main.ts into dist/ (ESM, split so that what is heavy loads only when used).
//
//   build.mjs                     build
//   build.mjs --then FILE ARGS…   build if dist/ is older than src/, then run FILE with ARGS
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
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

/** Names in dist/ of what it is made of now. */
export async function build() {
  const { build: esbuild } = await import('esbuild');
  // Built aside and renamed into place, so that a second command started meanwhile never sees half of it.
  const fresh = join(root, 'dist', `.fresh-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  const options = {
    ...bundling,
    entryPoints: {
      main: join(root, 'src/cli/main.ts'),
      // Started as a thread by host/system-information.ts, which looks for it beside itself.
      'system-information-worker': join(root, 'src/host/system-information-worker.ts'),
      'rule-worker': join(root, 'src/host/rules/rule-worker.ts'),
      'program-walk-worker': join(root, 'src/host/scan/program-walk-worker.ts'),
    },
    outdir: fresh,
    splitting: true,
    minifySyntax: true,
    sourcemap: 'linked',
  };
  try {
    await esbuild(options);
  } catch (error) {
    rmSync(fresh, { recursive: true });
    // What is wrong with the sources esbuild has said already.
    if (!error.errors) throw error;
    process.stderr.write('tourniquet: it could not be built from its sources.\n');
    process.exit(1);
  }
  copyFileSync(join(root, 'node_modules/@virustotal/yara-x/pkg', YARA), join(fresh, YARA));
  for (const script of powershellScripts())
    copyFileSync(join(root, WINDOWS, script), join(fresh, `windows-${script.replaceAll(/[\\/]/g, '-')}`));
  // main.js last: it is what says that the rest is there.
  const files = readdirSync(fresh).sort((a, b) => Number(a === 'main.js') - Number(b === 'main.js'));
  for (const file of files) renameSync(join(fresh, file), join(output, file));
  rmSync(fresh, { recursive: true });
  removeOld(new Set(files));
  return files;
}

/** Read by host/rules/yara-module.ts, which looks for it beside itself; nothing of it is loaded before it is used. */
const YARA = 'yara_x_js_bg.wasm';

/** Read by host/windows/scripts.ts, which looks for them beside itself: `perform/x.ps1` as `windows-perform-x.ps1`. */
const WINDOWS = 'src/host/windows';

function powershellScripts() {
  return readdirSync(join(root, WINDOWS), { recursive: true }).filter((path) => path.endsWith('.ps1'));
}

// CommonJS dependencies call require() for Node's own modules. The compile cache lies beside the code, which is as
// well guarded as the code is; Node's default, a folder in /tmp, could be prepared by anybody.
const BANNER = [
  "import{createRequire as __cr,enableCompileCache as __ecc}from'node:module';",
  'const require=__cr(import.meta.url);',
  "__ecc?.(import.meta.dirname+'/.compile-cache');",
].join('');

/**
 * Yoga's loader fetches its own WebAssembly out of a data: URL, which has Node load all of fetch: 40 ms of every
 * start. Handed over as bytes it does not.
 */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup({ onLoad }) {
    onLoad({ filter: /yoga-layout\/dist\/binaries\/yoga-wasm-base64-esm\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const [url, base64] = /data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)/.exec(text) ?? [];
      if (!base64) throw new Error(`${path} does not hold its bytes any more as build.mjs knows it`);
      return {
        contents: `${text.replace(url, 'data:,')}\nexport const bytes = Buffer.from('${base64}', 'base64');\n`,
      };
    });
    onLoad({ filter: /yoga-layout\/dist\/src\/index\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text
        .replace('import loadYoga from', 'import loadYoga, { bytes } from')
        .replace('await loadYoga()', 'await loadYoga({ wasmBinary: bytes })');
      if (!contents.includes('wasmBinary: bytes'))
        throw new Error(`${path} does not load as build.mjs knows it`);
      return { contents };
    });
  },
};

/**
 * Ink and its parts bring six copies of string-width in three versions. One measures for all, as for ourselves, and is
 * not asked at all where quick-width.mjs knows.
 */
const oneStringWidth = {
  name: 'one-string-width',
  setup({ onResolve, onLoad }) {
    const one = join(root, 'node_modules/string-width/index.js');
    onResolve({ filter: /^string-width$/ }, () => ({ path: one }));
    onLoad({ filter: /node_modules\/string-width\/index\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const imports = text.match(/^import .*;$/gm) ?? [];
      const body = text.replace(/^import .*;$/gm, '').replace('export default function', 'return function');
      if (imports.length !== 2 || !body.includes('return function stringWidth(')) {
        throw new Error(`${path} is not made as build.mjs knows it`);
      }
      // Its tables are regular expressions of all of Unicode: made when the first text needs them.
      const contents = `${imports.join('\n')}
import { quickWidth } from ${JSON.stringify(join(root, 'src/quick-width.mjs'))};
let whole = null;
export default function stringWidth(input, options) {
  const quick = typeof input === 'string' && !options?.countAnsiEscapeCodes ? quickWidth(input) : null;
  if (quick !== null) return quick;
  whole ??= makeStringWidth();
  return whole(input, options);
}
function makeStringWidth() {
${body}
}
`;
      return { contents };
    });
  },
};

/** A segmenter takes 5 ms to make, and five were made before the first frame, which has nothing for them to do. */
const segmentersWhenNeeded = {
  name: 'segmenters-when-needed',
  setup({ onLoad }) {
    const makers =
      /node_modules\/(?:ink\/build|cli-truncate|slice-ansi|wrap-ansi|@alcalzone\/ansi-tokenize\/build)\/[\w-]+\.js$/;
    onLoad({ filter: makers }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      return text.includes('new Intl.Segmenter(') ? { contents: lazySegmenters(text) } : null;
    });
  },
};

function lazySegmenters(text) {
  // `containing` is asked of what a segmenter gives: then it has to be the real thing.
  const isQuick = !text.includes('.containing(');
  const lazy = `import { quickWidth } from ${JSON.stringify(join(root, 'src/quick-width.mjs'))};
function lazySegmenter(...how) {
  let made = null;
  return {
    segment(text) {
      // Signs that join with nothing are each a segment of their own.
      if (${isQuick} && !text.includes('\\u001b') && quickWidth(text) !== null) {
        return Array.from(text, (segment, index) => ({ segment, index, input: text }));
      }
      return (made ??= new Intl.Segmenter(...how)).segment(text);
    },
  };
}
`;
  return lazy + text.replaceAll('new Intl.Segmenter(', 'lazySegmenter(');
}

/** Ink reads and lays out every cell of every frame; what has not changed is remembered (quick-rows.mjs). */
const rowsRemembered = {
  name: 'rows-remembered',
  setup({ onLoad }) {
    const quick = (names) =>
      `import { ${names} } from ${JSON.stringify(join(root, 'src/quick-rows.mjs'))};\n`;
    onLoad({ filter: /node_modules\/ink\/build\/output\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace(
        /^ {4}get\(\) \{$/m,
        '    get() { return quickFrame(this) ?? this.whole(); }\n    whole() {',
      );
      if (contents === text) throw new Error(`${path} is not made as build.mjs knows it`);
      return { contents: quick('quickFrame') + contents };
    });
    onLoad({ filter: /node_modules\/ink\/build\/sanitize-ansi\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace(
        'export default sanitizeAnsi;',
        'export default (text) => quickClean(text, sanitizeAnsi);',
      );
      if (contents === text) throw new Error(`${path} is not made as build.mjs knows it`);
      return { contents: quick('quickClean') + contents };
    });
  },
};

const A_DAY_MS = 24 * 60 * 60 * 1000;

/** Parts of builds before. Not at once: a program that was started from them may still load them. */
function removeOld(current) {
  for (const entry of readdirSync(output, { withFileTypes: true })) {
    if (current.has(entry.name) || entry.name === '.compile-cache') continue;
    const path = join(output, entry.name);
    if (Date.now() - statSync(path).mtimeMs > A_DAY_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** How every bundle is made, those of the tests and benchmarks too (esbuild's options). */
/** @type {import('esbuild').BuildOptions} */
export const bundling = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  define: { 'process.env.NODE_ENV': '"production"' },
  // Ink loads its developer tools only when DEV=true, which the bundle never is.
  alias: { 'react-devtools-core': join(root, 'src/no-devtools.mjs') },
  banner: { js: BANNER },
  plugins: [yogaWithoutFetch, oneStringWidth, segmentersWhenNeeded, rowsRemembered],
  logLevel: 'warning',
};

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
