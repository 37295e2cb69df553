import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { decodeHostLatin1 } from '../../text/host-bytes.ts';
import { toFsPath } from '../file-identity.ts';
import { isOwnQuarantine } from '../own-folders.ts';
import { devicesWithoutSetId } from './mounts-without-set-id.ts';

const MOST_ENTRIES = 500_000;
/** Looked at first, so that a large disk costs what is least likely. */
const FIRST = [
  '/tmp',
  '/var/tmp',
  '/dev/shm',
  '/run',
  '/etc',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local',
  '/usr/libexec',
  '/usr/lib/openssh',
  '/root',
  '/home',
  '/opt',
  '/srv',
  '/var',
];
/** Trees of containers, whose programs are not started from here, and file systems that hold no programs. */
const PASSED_OVER =
  /^\/(proc|sys|dev\/(?!shm)|snap\/|var\/lib\/(docker|containerd|containers|lxc|lxd|flatpak|snapd|kubelet|machines)\/)/;

export interface ProgramWalk {
  readonly setId: string[];
  readonly executables: string[];
  /** Folders in which another system lies whole, with a `/` behind. */
  readonly systems: string[];
  /** Folders that may not be read. */
  readonly unreadable: string[];
  /** Folders that could not be read for another reason, with the code of the error. */
  readonly failed: { readonly path: string; readonly code: string }[];
  entries: number;
  /** Where it was ended by its limits; null if it came to the end. */
  endedAt: string | null;
}

export interface WalkRequest {
  /** As in Look. */
  readonly root: string;
  /** Of this thread's own computing: on a host whose processors are taken it sees as much as on an idle one. */
  readonly mostCpuMs: number;
  readonly mostWallMs: number;
}

/** A walk stays on the file system that it began on. */
interface Waiting {
  readonly path: string;
  readonly device: number;
}

/** Every executable of the file systems that `/` and the usual places are on, the shallow ones first. Blocks. */
export function walkPrograms({ root, mostCpuMs, mostWallMs }: WalkRequest): ProgramWalk {
  const walk: ProgramWalk = {
    ...{ setId: [], executables: [], systems: [], unreadable: [], failed: [] },
    ...{ entries: 0, endedAt: null },
  };
  const startedMs = performance.now();
  const startedCpuMs = cpuMs();
  const isOver = (): boolean =>
    walk.entries > MOST_ENTRIES ||
    performance.now() - startedMs > mostWallMs ||
    cpuMs() - startedCpuMs > mostCpuMs;
  const without = root === '' ? devicesWithoutSetId() : new Set<number>();
  const visited = new Set<string>();
  let level = [...FIRST, ''].flatMap((path): Waiting[] => {
    const stats = statOf(root, path === '' ? '/' : path);
    return stats?.isDirectory() && !without.has(stats.dev) ? [{ path, device: stats.dev }] : [];
  });
  while (level.length > 0) {
    const next: Waiting[] = [];
    for (const { path, device } of level) {
      if (visited.has(path)) continue;
      visited.add(path);
      if (isOver()) {
        walk.endedAt = path === '' ? '/' : path;
        return walk;
      }
      for (const folder of readInto(root, path, walk))
        if (statOf(root, folder)?.dev === device) next.push({ path: folder, device });
    }
    level = next;
  }
  return walk;
}

/** Of this thread; before Node 23.9 only its time on the wall can be had. */
function cpuMs(): number {
  const used = process.threadCpuUsage?.();
  return used === undefined ? performance.now() : (used.user + used.system) / 1000;
}

function readInto(root: string, folder: string, walk: ProgramWalk): string[] {
  const folders: string[] = [];
  const entries = read(root, folder, walk);
  walk.entries += entries.length;
  if (folder !== '' && isSystem(entries)) walk.systems.push(`${folder}/`);
  for (const entry of entries) {
    const path = `${folder}/${decodeHostLatin1(entry.name)}`;
    if (entry.isDirectory()) {
      if (!PASSED_OVER.test(`${path}/`) && !isOwnQuarantine(path)) folders.push(path);
      continue;
    }
    if (!entry.isFile()) continue;
    const mode = statOf(root, path)?.mode ?? 0;
    // Bits on what nobody may start mean nothing.
    if ((mode & 0o111) === 0) continue;
    walk.executables.push(path);
    if ((mode & 0o6000) !== 0) walk.setId.push(path);
  }
  return folders;
}

function read(root: string, folder: string, walk: ProgramWalk): Dirent[] {
  const path = folder === '' ? '/' : folder;
  try {
    return readdirSync(toFsPath(root + path), { withFileTypes: true, encoding: 'latin1' });
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') walk.unreadable.push(path);
    else walk.failed.push({ path, code });
    return [];
  }
}

function statOf(root: string, path: string): Stats | undefined {
  try {
    return lstatSync(toFsPath(root + path), { throwIfNoEntry: false });
  } catch {
    // A folder above it has just become something else, or is closed to us.
    return undefined;
  }
}

function isSystem(entries: readonly Dirent[]): boolean {
  return SYSTEM.every((folder) => entries.some(({ name }) => name === folder));
}

const SYSTEM = ['etc', 'usr', 'bin', 'var'];
