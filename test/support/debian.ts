import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A Debian 12 of its own, as a layer over a tree that is made once (debootstrap(8)) and kept: with its systemd as
 * process 1, or with none running. Nothing of this machine is seen in it but the program under test, read-only.
 */
export interface Debian {
  /** The argv that runs `argv` inside, as root. */
  command(argv: readonly string[]): string[];
  /** A constant shell text; what it printed. Throws if it fails. */
  shell(text: string): string;
  end(): Promise<void>;
}

const PACKAGES =
  'systemd,systemd-sysv,udev,cron,attr,acl,e2fsprogs,libcap2-bin,procps,libatomic1,nftables,openssh-server';
/** By what is in it: with another choice of packages another tree is made. */
const TREE = `/var/cache/tourniquet-test/debian-12-${createHash('sha256').update(PACKAGES).digest('hex').slice(0, 8)}`;
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

export async function startDebian(processOne: 'systemd' | 'none'): Promise<Debian> {
  makeTree();
  const folder = mkdtempSync(join(tmpdir(), 'tourniquet-debian-'));
  for (const name of ['upper', 'work', 'root']) mkdirSync(join(folder, name));
  const modules = realpathSync(join(REPOSITORY, 'node_modules'));
  const nspawn = [
    ...['systemd-nspawn', '--quiet', '--directory=root', '--register=no', '--keep-unit', '--private-network'],
    ...[
      '--link-journal=no',
      '--resolv-conf=off',
      '--timezone=off',
      `--machine=tq-${process.pid}-${Date.now() % 1e6}`,
    ],
    ...[`--bind-ro=${REPOSITORY}`, ...(modules.startsWith(REPOSITORY) ? [] : [`--bind-ro=${modules}`])],
    ...[`--bind-ro=${process.execPath}`, '--console=pipe'],
    ...(processOne === 'systemd' ? ['--boot'] : ['--as-pid2', 'sleep', 'infinity']),
  ];
  const holder = spawn(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', '--', '/bin/sh', '-ec'],
      'mount -t overlay overlay -o "lowerdir=$0,upperdir=upper,workdir=work" root; exec "$@"',
      ...[TREE, ...nspawn],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [holder.stdout, holder.stderr])
    stream.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-4000);
    });
  const leader = await leaderOf(holder, () => said);
  const command = (argv: readonly string[]) => [
    ...['nsenter', '--target', String(leader), '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup'],
    ...['--root', '--wdns=/', '--', 'env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', ...argv],
  ];
  const shell = (text: string) => {
    const [file = '', ...args] = command(['/bin/sh', '-ec', text]);
    return execFileSync(file, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    });
  };
  const debian: Debian = {
    command,
    shell,
    async end() {
      const ended = new Promise<void>((resolve) => holder.once('exit', () => resolve()));
      // Its process 1: with it all that runs in there ends, and nspawn.
      if (holder.exitCode === null) process.kill(leader, 'SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (processOne === 'systemd') {
    // `degraded` is up as well: some unit of no interest here does not like a container.
    await until(
      () => /running|degraded/.test(trySay(() => shell('systemctl is-system-running || :'))),
      () => said,
    );
  }
  return debian;
}

/** The tree itself, to be looked at and copied. Nobody writes to it. */
export function debianTree(): string {
  makeTree();
  return TREE;
}

function makeTree(): void {
  if (existsSync(TREE)) return;
  const building = `${TREE}.${process.pid}`;
  mkdirSync(building, { recursive: true, mode: 0o755 });
  execFileSync('debootstrap', ['--variant=minbase', `--include=${PACKAGES}`, 'bookworm', building], {
    stdio: 'pipe',
  });
  try {
    renameSync(building, TREE);
  } catch {
    // Another test has made it meanwhile.
    rmSync(building, { recursive: true, force: true });
  }
}

/** The only child of nspawn is process 1 of the container. */
async function leaderOf(holder: ChildProcess, said: () => string): Promise<number> {
  let leader = 0;
  await until(() => {
    if (holder.exitCode !== null) throw new Error(`systemd-nspawn ended: ${said()}`);
    const children = trySay(() => readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'latin1'));
    leader = Number(children.trim().split(' ')[0] || 0);
    const isIn = /^NSpid:(?:\t\d+)+\t1$/m.test(
      trySay(() => readFileSync(`/proc/${leader}/status`, 'latin1')),
    );
    return isIn && trySay(() => realpathSync(`/proc/${leader}/root`)) !== '' && !isOurs(leader);
  }, said);
  return leader;
}

/** Before it has changed its root it still sees this machine's. */
function isOurs(pid: number): boolean {
  return existsSync(`/proc/${pid}/root${TREE}`);
}

async function until(holds: () => boolean, said: () => string): Promise<void> {
  for (let count = 0; count < 1200; count += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The container did not get ready: ${said()}`);
}

function trySay(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
