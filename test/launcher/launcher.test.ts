import { type ChildProcess, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as pty from '@lydell/node-pty';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LAUNCHER = join(import.meta.dirname, '../../src/launcher.mjs');
/** Makes the launcher believe that it runs on an old Node, whatever this machine has. */
const OLD = [
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.11.0"}})',
];

/** A package as it would be installed: a launcher, a bundle, and perhaps a Node beside it. */
let folder: string;
let packageFolder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  packageFolder = join(folder, 'node_modules', 'tourniquet');
  mkdirSync(join(packageFolder, 'src'), { recursive: true });
  mkdirSync(join(packageFolder, 'dist'));
  copyFileSync(LAUNCHER, join(packageFolder, 'src/launcher.mjs'));
  writeFileSync(join(packageFolder, 'package.json'), '{"type": "module"}');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function bundle(code: string): void {
  writeFileSync(join(packageFolder, 'dist/main.js'), code);
}

/** A platform package whose Node is the one that runs this test. */
function installNode(where: string): void {
  const bin = join(where, `node-${process.platform}-${process.arch}`, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(process.execPath, join(bin, 'node'));
}

function start(nodeOptions: readonly string[], args: readonly string[] = []): ChildProcess {
  const child = spawn(process.execPath, [...nodeOptions, join(packageFolder, 'src/launcher.mjs'), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '' },
  });
  children.push(child);
  return child;
}

async function launch(nodeOptions: readonly string[], args: readonly string[] = [], input = '') {
  const child = start(nodeOptions, args);
  child.stdin?.end(input);
  return ended(child);
}

async function ended(child: ChildProcess) {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (bytes) => {
    stdout += bytes;
  });
  child.stderr?.on('data', (bytes) => {
    stderr += bytes;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...how) => resolve(how)),
  );
  return { code, signal, stdout, stderr };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const REPORT = `
  let input = '';
  for await (const bytes of process.stdin) input += bytes;
  process.stdout.write(JSON.stringify({
    args: process.argv.slice(2), input, parent: process.ppid, nodeEnv: process.env.NODE_ENV,
    version: process.versions.node,
  }));
  process.exitCode = 42;`;

describe('the launcher', () => {
  it('goes on in its own process when its Node is new enough', async () => {
    bundle(REPORT);
    const child = start([], ['run', 'a b', '--x=1']);
    child.stdin?.end('typed');
    const { code, stdout } = await ended(child);
    expect(code).toBe(42);
    expect(JSON.parse(stdout)).toMatchObject({
      args: ['run', 'a b', '--x=1'],
      input: 'typed',
      parent: process.pid,
      nodeEnv: 'production',
    });
  });

  it.each(['beside the package', 'inside it'])(
    'hands over to the Node that lies %s when its own is too old',
    async (where) => {
      bundle(REPORT);
      installNode(where === 'inside it' ? join(packageFolder, 'node_modules') : dirname(packageFolder));
      const child = start(OLD, ['run', 'a b', '--x=1']);
      child.stdin?.end('typed');
      const { code, stdout, stderr } = await ended(child);
      expect({ code, stderr }).toEqual({ code: 42, stderr: '' });
      const report = JSON.parse(stdout);
      expect(report).toMatchObject({ args: ['run', 'a b', '--x=1'], input: 'typed', nodeEnv: 'production' });
      expect(report.version).toBe(process.versions.node);
      expect(report.parent).toBe(child.pid);
    },
  );

  it('says in two lines what is missing when there is no Node that is new enough', async () => {
    bundle(REPORT);
    const { code, stdout, stderr } = await launch(OLD);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^tourniquet: needs Node 22\.12 or newer, this is 20\.11\.0, .*\n {2}Install a newer Node.*\n$/,
    );
  });

  it('says so when there is nothing to run', async () => {
    const { code, stderr } = await launch([]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/main\.js is missing\.\n {2}Run `npm ci`/);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'passes %s on and ends as the child does',
    async (signal) => {
      const ready = join(folder, 'ready');
      bundle(`
      import { writeFileSync } from 'node:fs';
      setInterval(() => {}, 1000);
      process.on(${JSON.stringify(signal)}, () => { process.stdout.write('tidied up'); process.exitCode = 7; process.exit(); });
      writeFileSync(${JSON.stringify(ready)}, String(process.pid));`);
      installNode(dirname(packageFolder));
      const child = start(OLD);
      const result = ended(child);
      await until(() => existsSync(ready));
      child.kill(signal);
      expect(await result).toMatchObject({ code: 7, stdout: 'tidied up' });
    },
  );

  it.each(['SIGKILL', 'SIGTERM', 'SIGSEGV'] as const)(
    'is seen to end by %s when the child does',
    async (signal) => {
      bundle(`process.kill(process.pid, ${JSON.stringify(signal)}); setInterval(() => {}, 1000);`);
      installNode(dirname(packageFolder));
      expect(await launch(OLD)).toMatchObject({ code: null, signal });
    },
  );

  it('says so when the Node that came with it cannot be run', async () => {
    bundle(REPORT);
    const bin = join(dirname(packageFolder), `node-${process.platform}-${process.arch}`, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'node'), 'not a program', { mode: 0o644 });
    const { code, stderr } = await launch(OLD);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^tourniquet: could not start .*EACCES.*\n {2}Run `npm ci`/);
  });

  it('gives the child the terminal itself: raw keys, size, and Ctrl-C as a key', async () => {
    bundle(`
      process.stdin.setRawMode(true);
      process.stdin.on('data', (bytes) => {
        process.stdout.write('got ' + bytes.toString('hex') + '\\n');
        process.exit(9);
      });
      process.stdout.write('ready ' + process.stdout.columns + '\\n');`);
    installNode(dirname(packageFolder));
    const terminal = pty.spawn(process.execPath, [...OLD, join(packageFolder, 'src/launcher.mjs')], {
      cols: 91,
      rows: 20,
      env: { PATH: process.env.PATH ?? '', TERM: 'xterm' },
    });
    let screen = '';
    terminal.onData((text) => {
      screen += text;
    });
    const exit = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
    await until(() => screen.includes('ready 91'));
    terminal.write('\x03');
    expect(await exit).toBe(9);
    expect(screen).toContain('got 03');
  });

  it('runs another script of the repository the same way', async () => {
    writeFileSync(join(packageFolder, 'other.mjs'), REPORT);
    const { code, stdout } = await launch([], ['--run', 'other.mjs', 'x']);
    expect(code).toBe(42);
    expect(JSON.parse(stdout).args).toEqual(['x']);
  });

  it('holds only syntax that an old Node can parse', () => {
    const text = readFileSync(LAUNCHER, 'utf8');
    // Since Node 14.8: top-level await. Not before 15 or later: ??=, .at(), hasOwn, import.meta.dirname, …
    expect(text).not.toMatch(/\?\?=|\|\|=|&&=|\.at\(|hasOwn|import\.meta\.dirname|structuredClone|with \{/);
  });
});
