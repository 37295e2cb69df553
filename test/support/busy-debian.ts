import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianTree } from './debian.ts';

const KEPT = '/var/cache/tourniquet-test';
const MIRROR = 'http://deb.debian.org';
const SOURCES = ['debian bookworm', 'debian bookworm-updates', 'debian-security bookworm-security'];

/** A package that came from a file. */
export const LOCAL_PACKAGE = { name: 'netd-local', version: '9.9' } as const;

/**
 * A Debian 12 with these packages as apt installs them, and one more from a file; none of it runs. Made once for a list
 * of packages (a minute or two) and kept, as the tree that it is a copy of is.
 */
export function busyDebian(packages: readonly string[]): string {
  const key = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const tree = join(KEPT, `busy-debian-12-${key}`);
  if (existsSync(tree)) return tree;
  const building = mkdtempSync(join(KEPT, 'building-'));
  try {
    run('cp', ['-a', '--', `${debianTree()}/.`, building]);
    chmodSync(building, 0o755);
    install(building, packages);
    renameSync(building, tree);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return tree;
}

function install(root: string, packages: readonly string[]): void {
  const sources = SOURCES.map((one) => `deb ${MIRROR}/${one} main\n`).join('');
  writeFileSync(join(root, 'etc/apt/sources.list'), sources);
  execFileSync('cp', ['-L', '/etc/resolv.conf', join(root, 'etc/resolv.conf')]);
  // invoke-rc.d(8) asks it whether a service may be started: never, in there.
  const policy = join(root, 'usr/sbin/policy-rc.d');
  writeFileSync(policy, '#!/bin/sh\nexit 101\n');
  chmodSync(policy, 0o755);
  buildLocalPackage(join(root, 'root/local'));
  const alone = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
  run('unshare', [...alone, 'sh', '-ec', INSIDE, root, ...packages]);
  rmSync(policy);
}

function buildLocalPackage(folder: string): void {
  mkdirSync(join(folder, 'DEBIAN'), { recursive: true });
  writeFileSync(
    join(folder, 'DEBIAN/control'),
    `Package: ${LOCAL_PACKAGE.name}\nVersion: ${LOCAL_PACKAGE.version}\nArchitecture: all\nMaintainer: x <x@example.net>\nDescription: x\n`,
  );
  run('dpkg-deb', ['--build', '--root-owner-group', folder, `${folder}.deb`]);
  rmSync(folder, { recursive: true });
}

/** $0: the tree; the packages follow. What is mounted goes with the namespace. */
const INSIDE = `
mkdir -p /var/cache/apt/archives
mount --bind /var/cache/apt/archives "$0/var/cache/apt/archives"
mount -t proc proc "$0/proc"
mount -t tmpfs tmpfs "$0/tmp"
for name in null zero random urandom full tty; do
  [ -e "$0/dev/$name" ] || : >"$0/dev/$name"
  mount --bind "/dev/$name" "$0/dev/$name"
done
root=$0
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"; }
inside apt-get -q update
inside apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io install "$@"
inside dpkg --install /root/local.deb
rm "$root/root/local.deb"
`;

function run(tool: string, args: readonly string[]): void {
  execFileSync(tool, args, { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 64 * 1024 * 1024 });
}
