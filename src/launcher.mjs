#!/usr/bin/env node
// Makes sure that what follows runs on a Node that is new enough, then hands over to it.
//
// This file must parse on Node 14: it is read by whatever `node` the machine has.
//   launcher.mjs ARGS…              the tourniquet command
//   launcher.mjs --run FILE ARGS…   another script of this repository, on the same Node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Ink 8, execa 10 and conf 16 want Node 22; Vitest 5 wants 22.12.
const NEEDED = [22, 12];
const root = dirname(dirname(fileURLToPath(import.meta.url)));

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

function pinnedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  // Two places: beside this package when it was installed as a dependency, or inside it.
  for (const folder of [join(root, 'node_modules'), dirname(root)]) {
    const path = join(folder, name, 'bin', 'node');
    if (existsSync(path)) return path;
  }
  return null;
}

function target(argv) {
  if (argv[0] === '--run') return { script: join(root, argv[1]), args: argv.slice(2) };
  const bundle = join(root, 'dist', 'main.js');
  const isCheckout =
    existsSync(join(root, 'src', 'build.mjs')) && existsSync(join(root, 'node_modules', 'esbuild'));
  // In a checkout the bundle is made when it is missing or older than its sources.
  if (isCheckout) return { script: join(root, 'src', 'build.mjs'), args: ['--then', bundle, ...argv] };
  return { script: bundle, args: argv };
}

const { script, args } = target(process.argv.slice(2));
if (!process.env.NODE_ENV) process.env.NODE_ENV = 'production';

if (isNewEnough(process.versions.node)) {
  process.argv = [process.argv[0], script, ...args];
  await import(script);
} else {
  const node = pinnedNode();
  if (node === null) {
    process.stderr.write(
      `tourniquet: needs Node ${NEEDED.join('.')} or newer, this is ${process.versions.node}, and no Node came with it for ${process.platform} ${process.arch}.\n` +
        'Install a newer Node, or run `npm ci` here without --omit=optional.\n',
    );
    process.exit(2);
  }
  // The child shares terminal and process group, so it gets the terminal's signals itself; those sent
  // to this process alone are passed on.
  const child = spawn(node, [script, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`tourniquet: could not start ${node}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1));
  });
}
