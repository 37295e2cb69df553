#!/usr/bin/env node
// Makes sure that what follows runs on a Node that is new enough, then hands over to it.
//
// This file must parse on Node 14: it is read by whatever `node` the machine has.
//   launcher.mjs ARGS…              the tourniquet command
//   launcher.mjs --run FILE ARGS…   another script of this repository, on the same Node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Ink 8, execa 10 and conf 16 want Node 22; Vitest 5 wants 22.12.
const NEEDED = [22, 12];
const root = dirname(dirname(fileURLToPath(import.meta.url)));

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

function pinnedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  // Two places: inside this package's folder in a checkout, or beside it when it was installed as a dependency.
  for (const folder of [join(root, 'node_modules'), dirname(root)]) {
    const path = join(folder, name, 'bin', 'node');
    if (existsSync(path)) return path;
  }
  return null;
}

function target(argv) {
  if (argv[0] === '--run') return { script: join(root, argv[1] || ''), args: argv.slice(2) };
  const bundle = join(root, 'dist', 'main.js');
  const isCheckout =
    existsSync(join(root, 'src', 'build.mjs')) && existsSync(join(root, 'node_modules', 'esbuild'));
  // In a checkout the bundle is made when it is missing or older than its sources.
  if (isCheckout) return { script: join(root, 'src', 'build.mjs'), args: ['--then', bundle, ...argv] };
  return { script: bundle, args: argv };
}

function giveUp(message, hint) {
  process.stderr.write(`tourniquet: ${message}\n  ${hint}\n`);
  process.exit(2);
}

const { script, args } = target(process.argv.slice(2));
if (!process.env.NODE_ENV) process.env.NODE_ENV = 'production';

if (!existsSync(script)) {
  giveUp(`${script} is missing.`, 'Run `npm ci` here first (it brings what the program is built with).');
} else if (isNewEnough(process.versions.node)) {
  process.argv = [process.argv[0], script, ...args];
  await import(pathToFileURL(script).href);
} else {
  const node = pinnedNode();
  if (node === null) {
    giveUp(
      `needs Node ${NEEDED.join('.')} or newer, this is ${process.versions.node}, and no Node came with it for ${process.platform} ${process.arch}.`,
      'Install a newer Node, or run `npm ci` here without --omit=optional.',
    );
  }
  handOver(node);
}

/** What exec would do, which Node 20 does not have: same terminal, same exit, signals passed on. */
function handOver(node) {
  const child = spawn(node, [script, ...args], { stdio: 'inherit' });
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']) {
    process.on(signal, () => {
      // A terminal's keys signal the whole process group, so that the child has got them already.
      const isFromKeys = hasTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
      if (!isFromKeys) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    // There, and yet "not there": what is missing is the loader or the C library that it was made for.
    const hint =
      error.code === 'ENOENT'
        ? `Install Node ${NEEDED.join('.')} or newer from this system's own packages (this one wants glibc).`
        : 'Run `npm ci` here again.';
    giveUp(`could not start ${node}: ${error.message}.`, hint);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    // Ended by a signal: so is this, or whoever waits for us would be told something else.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // Some signals are ignored, or do not end a process: then at least the code that a shell would give.
    setTimeout(() => process.exit(1), 1000);
  });
}
