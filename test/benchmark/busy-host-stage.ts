// Makes the measured host in a mount, pid and network namespace of its own, starts its processes and runs what is given
// in there. Run by scan.ts under unshare; nothing of it is left when it ends.
//   unshare … node busy-host-stage.ts SCRIPT [ARGUMENT…]
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBusyHost } from './busy-host.ts';

const PROCESSES = 500;
// With cat and grep, which systeminformation starts once for every process: without them it fails quickly and tells no CPU time.
const TOOLS = 'sh ps ss cat grep sort uniq getcap lsattr dpkg dpkg-query apt-get sleep ls id'.split(' ');

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** A folder that every system has, so that nothing is left behind: the mount goes with the namespace. */
const root = '/mnt';
const mount = (...argv: string[]): void => void execFileSync('mount', argv, { stdio: 'inherit' });
mount('-t', 'tmpfs', '-o', 'size=2g,mode=755', 'tmpfs', root);
const host = buildBusyHost(root);

for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
  mkdirSync(join(root, 'usr', folder), { recursive: true });
  symlinkSync(`usr/${folder}`, join(root, folder));
}
for (const folder of ['proc', 'dev', 'run', 'root', 'var/tmp'])
  mkdirSync(join(root, folder), { recursive: true });
for (const tool of TOOLS) {
  const path = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']
    .map((folder) => join(folder, tool))
    .find(existsSync);
  if (path !== undefined) bring(realpathSync(path), join('/usr/bin', tool));
}
bring(realpathSync(process.execPath), null);
for (const program of host.programs) copyFileSync('/usr/bin/sleep', join(root, program));
// What is measured, and the runtime, come from elsewhere: other file systems, which a scan of this host stays out of.
for (const folder of new Set([repository, realpathSync(join(repository, 'node_modules'))])) bind(folder);
bind(dirname(realpathSync(process.execPath)));
mount('-t', 'proc', 'proc', join(root, 'proc'));
for (const device of ['null', 'zero', 'urandom', 'random']) {
  writeFileSync(join(root, 'dev', device), '');
  mount('--bind', `/dev/${device}`, join(root, 'dev', device));
}

const started = Array.from({ length: PROCESSES }, (_, at) =>
  spawn('chroot', [root, host.programs[at % host.programs.length] ?? '', '3600'], {
    stdio: 'ignore',
    detached: true,
  }),
);
await Promise.all(started.map((child) => new Promise((resolve) => child.once('spawn', resolve))));
process.stderr.write(`a host with ${host.files} files and ${started.length} processes\n`);
const result = spawnSync('chroot', [root, process.execPath, ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: '/',
});
for (const child of started) child.kill('SIGKILL');
process.exitCode = result.status ?? 1;

/** A tool with the libraries that it is linked to. */
function bring(path: string, to: string | null): void {
  const linked = spawnSync('ldd', [path], { encoding: 'utf8' }).stdout ?? '';
  for (const [library] of linked.matchAll(/\/[^\s)]+/g)) put(realpathSync(library), library);
  if (to !== null) put(path, to);
}

function put(from: string, to: string): void {
  const path = join(root, to.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/'));
  mkdirSync(dirname(path), { recursive: true });
  cpSync(from, path, { dereference: true });
}

function bind(folder: string): void {
  mkdirSync(join(root, folder), { recursive: true });
  mount('--bind', '-o', 'ro', folder, join(root, folder));
}
