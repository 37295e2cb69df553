import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { toFsPath } from '../file-identity.ts';
import { isOwnQuarantine } from '../own-folders.ts';
import { type Look, note } from './look.ts';
import { devicesWithoutSetId } from './mounts-without-set-id.ts';

const MOST_ENTRIES = 500_000;
const LONGEST_MS = 2_000;
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
  entries: number;
  /** Where it was ended by its limits; null if it came to the end. */
  endedAt: string | null;
}

/** A walk stays on the file system that it began on. */
interface Waiting {
  readonly path: string;
  readonly device: number;
}

const WALKS = new WeakMap<Look, Promise<ProgramWalk>>();

/** Every executable of the file systems that `/` and the usual places are on, once a scan. The shallow ones first. */
export function walkPrograms(look: Look): Promise<ProgramWalk> {
  const known = WALKS.get(look);
  if (known !== undefined) return known;
  const walk = walkOnce(look);
  WALKS.set(look, walk);
  return walk;
}

async function walkOnce(look: Look): Promise<ProgramWalk> {
  const walk: ProgramWalk = {
    setId: [],
    executables: [],
    systems: [],
    unreadable: [],
    entries: 0,
    endedAt: null,
  };
  const startedMs = performance.now();
  const without = look.root === '' ? devicesWithoutSetId() : new Set<number>();
  const visited = new Set<string>();
  let level = [...FIRST, ''].flatMap((path): Waiting[] => {
    const stats = statOf(look, path === '' ? '/' : path);
    return stats?.isDirectory() && !without.has(stats.dev) ? [{ path, device: stats.dev }] : [];
  });
  let breathedAt = 0;
  while (level.length > 0) {
    const next: Waiting[] = [];
    for (const { path, device } of level) {
      if (look.signal?.aborted || visited.has(path)) continue;
      visited.add(path);
      if (walk.entries > MOST_ENTRIES || performance.now() - startedMs > LONGEST_MS) {
        walk.endedAt = path;
        return walk;
      }
      for (const folder of readInto(look, path, walk))
        if (statOf(look, folder)?.dev === device) next.push({ path: folder, device });
      if (walk.entries - breathedAt < 5000) continue;
      breathedAt = walk.entries;
      await breathe();
    }
    level = next;
  }
  return walk;
}

function readInto(look: Look, folder: string, walk: ProgramWalk): string[] {
  const folders: string[] = [];
  const entries = read(look, folder, walk);
  walk.entries += entries.length;
  if (folder !== '' && isSystem(entries)) walk.systems.push(`${folder}/`);
  for (const entry of entries) {
    const path = `${folder}/${nameOf(entry)}`;
    if (entry.isDirectory()) {
      if (!PASSED_OVER.test(`${path}/`) && !isOwnQuarantine(path)) folders.push(path);
      continue;
    }
    if (!entry.isFile()) continue;
    const mode = statOf(look, path)?.mode ?? 0;
    // Bits on what nobody may start mean nothing.
    if ((mode & 0o111) === 0) continue;
    walk.executables.push(path);
    if ((mode & 0o6000) !== 0) walk.setId.push(path);
  }
  return folders;
}

/** As latin-1, which keeps every byte and costs least: most names are ASCII and stay as they are. */
function read(look: Look, folder: string, walk: ProgramWalk): Dirent[] {
  const path = folder === '' ? '/' : folder;
  try {
    return readdirSync(toFsPath(look.root + path), { withFileTypes: true, encoding: 'latin1' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') walk.unreadable.push(path);
    else note(look, 'set-id', path, error);
    return [];
  }
}

function nameOf({ name }: Dirent): string {
  return /[^\x00-\x7f]/.test(name) ? decodeHostBytes(Buffer.from(name, 'latin1')) : name;
}

function statOf(look: Look, path: string): Stats | undefined {
  try {
    return lstatSync(toFsPath(look.root + path), { throwIfNoEntry: false });
  } catch {
    // A folder above it has just become something else, or is closed to us.
    return undefined;
  }
}

function isSystem(entries: readonly Dirent[]): boolean {
  return SYSTEM.every((folder) => entries.some(({ name }) => name === folder));
}

const SYSTEM = ['etc', 'usr', 'bin', 'var'];
