// Makes dist/tourniquet-PLATFORM-ARCH.tar.gz: one folder with the program, its playbooks and the Node it runs on, for a
// host that has none and must not have anything installed. The same sources give the same bytes.
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { copyFile, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { build } from './build.mjs';
import { runTool } from './host/run-tool.ts';
import { ensureTools } from './host/system-tools.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const platform = `${process.platform}-${process.arch}`;
const packaged = join(root, 'node_modules', `node-${platform}`);
const archive = join(root, 'dist', `tourniquet-${platform}.tar.gz`);
/** One for all: when it was packed says nothing. */
const MTIME = new Date(Date.UTC(2026, 0, 1));
/** What a minimal system does not have of that which Node is linked with. */
const LIBRARY = 'libatomic.so.1';

/** Starts the Node beside it; the program tells the responder to type what stands in TOURNIQUET_PROGRAM. */
const STARTER = `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")") || exit 1
TOURNIQUET_PROGRAM=$here/tourniquet exec "$here/node" "$here/dist/main.js" "$@"
`;

function giveUp(message) {
  process.stderr.write(`tourniquet: ${message}\n`);
  process.exit(1);
}

/** Node that looks for libraries beside itself too: an LD_LIBRARY_PATH would reach every tool that is started. */
async function nodeThatCarries(folder) {
  const node = join(folder, 'node');
  await copyFile(join(packaged, 'bin', 'node'), node);
  const result = await runTool(['patchelf', '--set-rpath', '$ORIGIN/lib', node]);
  if (result.exitCode !== 0) giveUp(`patchelf: ${result.failedToStart ?? result.stderr.toString().trim()}`);
  return node;
}

/** Null where that Node is not linked with it. */
async function libraryOfNode() {
  const script =
    'process.report.excludeNetwork = true; JSON.stringify(process.report.getReport().sharedObjects)';
  const { stdout } = await runTool([join(packaged, 'bin', 'node'), '-p', script]);
  const path = JSON.parse(stdout.toString()).find((one) => one.endsWith(`/${LIBRARY}`));
  return path === undefined ? null : realpath(path);
}

/** Name in the archive → file, or text. */
async function contentsOf(folder, built) {
  const library = await libraryOfNode();
  const playbooks = readdirSync(join(root, 'playbooks'), { recursive: true })
    .map((path) => `playbooks/${path}`)
    .filter((path) => statSync(join(root, path)).isFile());
  const bundle = built.filter((name) => !name.endsWith('.map')).map((name) => `dist/${name}`);
  const plain = ['LICENSE', 'README.md', 'package.json', ...playbooks.sort(), ...bundle.sort()];
  return [
    ['tourniquet', { text: STARTER, mode: 0o755 }],
    ['node', { file: await nodeThatCarries(folder), mode: 0o755 }],
    ...(library === null ? [] : [[`lib/${LIBRARY}`, { file: library, mode: 0o644 }]]),
    ['NODE-LICENSE', { file: join(packaged, 'LICENSE'), mode: 0o644 }],
    ...plain.map((name) => [name, { file: join(root, name), mode: 0o644 }]),
  ];
}

async function write(contents) {
  const tar = pack();
  const written = pipeline(tar, createGzip({ level: 6 }), createWriteStream(archive, { mode: 0o644 }));
  for (const [name, { file, text, mode }] of contents) {
    const bytes = file === undefined ? Buffer.from(text) : await readFile(file);
    const owner = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: MTIME };
    await new Promise((resolve, reject) => {
      tar.entry({ name: `tourniquet/${name}`, mode, ...owner }, bytes, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
  tar.finalize();
  await written;
}

if (process.platform !== 'linux') giveUp('this is made on the system that it is for, which is Linux.');
if (!existsSync(packaged))
  giveUp(`no Node for ${platform} came with it. Run \`npm ci\` here without --omit=optional.`);
const say = (line) => process.stderr.write(`${line}\n`);
const { missing } = await ensureTools(['patchelf'], { install: true, say });
if (missing.length > 0) process.exit(1);
const built = await build();
const folder = mkdtempSync(join(tmpdir(), 'tourniquet-portable-'));
try {
  await write(await contentsOf(folder, built));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const hash = createHash('sha256');
await pipeline(createReadStream(archive), hash);
process.stdout.write(
  `${archive}\n${Math.round(statSync(archive).size / 1e6)} MB, SHA-256 ${hash.digest('hex')}\n`,
);
