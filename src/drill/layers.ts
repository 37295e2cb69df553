import { readFileSync, statSync } from 'node:fs';

/** What is laid into the sandbox beside the root file system. */
export interface Layer {
  /** `overlay`: writable above the machine's own; `copy`: a single mounted file; `bind`: seen read-only. */
  readonly kind: 'overlay' | 'copy' | 'bind';
  readonly path: string;
}

/** One line of mountinfo. */
export interface Mount {
  readonly path: string;
  readonly type: string;
  readonly source: string;
}

const FRESH = ['/proc', '/sys', '/dev', '/run', '/tmp'];
const LAYERED_TYPES = new Set([
  'btrfs',
  'zfs',
  'xfs',
  'ext2',
  'ext3',
  'ext4',
  'f2fs',
  'overlay',
  'virtiofs',
  '9p',
]);

// What container engines and snaps mount: many, and nothing that a responder looks for by its mount point.
const ENGINES = [
  '/var/lib/docker',
  '/var/lib/containers',
  '/var/lib/containerd',
  '/var/lib/kubelet',
  '/snap',
  '/var/snap',
];

/**
 * The layers for a sandbox of this machine. As root every file system that holds files gets an overlay of its own;
 * an ordinary user's sandbox is built folder by folder and gets none here. `needed` are folders that must be seen
 * inside whatever covers them (the runtime, the program).
 */
export function planLayers(mode: 'root' | 'user', needed: readonly string[]): Layer[] {
  return chooseLayers(readMounts(readFileSync('/proc/self/mountinfo', 'utf8')), mode, needed, isFolder);
}

/** The choice by itself; `isFolder` tells a mounted folder from a mounted file. */
export function chooseLayers(
  mounts: readonly Mount[],
  mode: 'root' | 'user',
  needed: readonly string[],
  isFolder: (path: string) => boolean,
): Layer[] {
  const layers = new Map<string, Layer>();
  if (mode === 'root') {
    for (const mount of mounts) {
      if (mount.path === '/' || isFresh(mount.path) || !isLayered(mount)) continue;
      // A comma, colon or backslash would be read as part of overlay's options.
      if (/[,:\\"\n]/.test(mount.path)) continue;
      layers.set(mount.path, { kind: isFolder(mount.path) ? 'overlay' : 'copy', path: mount.path });
    }
  }
  const binds = needed.filter((path) => {
    const under = mounts.findLast((mount) => isWithin(path, mount.path))?.path ?? '/';
    return isFresh(path) || (under !== '/' && !layers.has(under));
  });
  return [...layers.values(), ...[...new Set(binds)].map((path) => ({ kind: 'bind' as const, path }))];
}

/** The mounts of a mountinfo text (proc_pid_mountinfo(5)), in order; blanks in paths are octal there. */
export function readMounts(mountinfo: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const path = before.split(' ')[4];
    const [type = '', source = ''] = after.split(' ');
    if (path !== undefined) mounts.push({ path: unescapeOctal(path), type, source });
  }
  return mounts;
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function isLayered(mount: Mount): boolean {
  if (mount.type === 'squashfs' || ENGINES.some((folder) => isWithin(mount.path, folder))) return false;
  return mount.source.startsWith('/dev/') ? mount.type !== 'vfat' : LAYERED_TYPES.has(mount.type);
}

function isFresh(path: string): boolean {
  return FRESH.some((folder) => isWithin(path, folder));
}

function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
