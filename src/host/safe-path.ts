/**
 * Walking to a file on a host where an intruder may be moving things about.
 *
 * Rules of this boundary:
 *  - A path is opened one component at a time, from `/`, with O_NOFOLLOW. What was opened is held as a
 *    descriptor and everything is done relative to it (`/proc/self/fd/N/NAME`, which is openat(2) by another
 *    name: Node has no openat). A folder that is renamed or replaced by a symlink meanwhile changes nothing.
 *  - The last component is never followed.
 *  - A symlink among the parents is followed only if nobody but root could have put it there: the link is
 *    root's, and so is its folder, which no one else may write to. So `/lib → usr/lib` and
 *    `/var/run → /run` work, and a link in /tmp or in somebody's home does not.
 *  - No /proc: refused, there is no other way that cannot be raced.
 */
import {
  type BigIntStats,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';
import { decodeHostBytes, encodeHostBytes } from '../text/host-bytes.ts';
import { isBeyondReach } from './beyond-reach.ts';
import { DOTS, pathParts, SLASH } from './path-parts.ts';
import { refuseSilent } from './silent-mounts.ts';

/** open(2): a reference to the place only; nothing is read, no device is touched. Not among Node's constants. */
export const O_PATH = 0o10000000;

const FOLDER = constants.O_DIRECTORY | constants.O_NOFOLLOW | O_PATH;
const MOST_LINKS = 40;

/** An open folder. Close it. */
export interface OpenFolder {
  readonly fd: number;
  /** A path for `fs` (or, with `forOthers`, for another process) to something in the folder. */
  child(name: Buffer | string): Buffer;
  childForOthers(name: Buffer | string): string;
  close(): void;
}

export type WalkProblem = 'missing' | 'symlink' | 'not-a-folder' | 'invalid' | 'not-allowed' | 'unavailable';

/** Why a path was not walked to its end. `message` is a sentence for the responder. */
export class WalkError extends Error {
  override readonly name = 'WalkError';
  readonly code: WalkProblem;

  constructor(code: WalkProblem, message: string) {
    super(message);
    this.code = code;
  }
}

/** Opens the folder that a path's last component is in. Throws {@link WalkError}, and EHOSTDOWN (silent-mounts.ts). */
export function openParent(path: string): { readonly folder: OpenFolder; readonly name: Buffer } {
  refuseSilent(path);
  const parts = split(Buffer.from(encodeHostBytes(path)), path);
  const name = parts.pop();
  if (name === undefined) throw new WalkError('invalid', `${path} names no file.`);
  return { folder: walk(parts, path), name };
}

/** Opens a folder by its path. Throws {@link WalkError}. */
export function openFolder(path: string): OpenFolder {
  refuseSilent(path, true);
  return walk(split(Buffer.from(encodeHostBytes(path)), path), path);
}

/** Opens one more level, never through a symlink. Throws the file system's error. */
export function openBelow(folder: OpenFolder, name: Buffer | string): OpenFolder {
  return folderOf(openSync(folder.child(name), FOLDER));
}

/** lstat of a name in an open folder, null if it is not there. */
export function lstatIn(folder: OpenFolder, name: Buffer | string): BigIntStats | null {
  return lstatSync(folder.child(name), { bigint: true, throwIfNoEntry: false }) ?? null;
}

/** Where a symlink in an open folder leads; null if none is there (any more): an intruder may swap it at any time. */
export function readLinkIn(folder: OpenFolder, name: Buffer | string): Buffer | null {
  try {
    return readlinkSync(folder.child(name), { encoding: 'buffer' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EINVAL' || code === 'ENOENT') return null;
    throw error;
  }
}

/** Device and mount of what is open: a rename works only where both are the same (bind mounts, btrfs subvolumes). */
export function mountOf(folder: OpenFolder): string {
  const device = lstatSync(folder.child('.'), { bigint: true }).dev;
  const mount = /^mnt_id:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${folder.fd}`, 'latin1'))?.[1];
  return `${device}:${mount ?? '?'}`;
}

function walk(parts: Buffer[], path: string): OpenFolder {
  const left = [...parts];
  let links = 0;
  let at = openRoot();
  try {
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      const next = step(at, part, path);
      if (next.kind === 'folder') {
        at.close();
        at = next.folder;
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) throw new WalkError('symlink', `${path} goes through too many symlinks.`);
      if (next.target[0] === SLASH) {
        at.close();
        at = openRoot();
      }
      left.unshift(...pathParts(next.target));
    }
    return at;
  } catch (error) {
    at.close();
    throw error;
  }
}

type Step = { kind: 'folder'; folder: OpenFolder } | { kind: 'link'; target: Buffer };

/** What stood there as a link may be a folder by the time the link is read: then it is looked at again. */
function step(at: OpenFolder, part: Buffer, path: string): Step {
  for (let look = 0; look < MOST_LINKS; look += 1) {
    const found = stepOnce(at, part, path);
    if (found !== null) return found;
  }
  throw new WalkError('symlink', `“${decodeHostBytes(part)}” on the way to ${path} is being swapped.`);
}

function stepOnce(at: OpenFolder, part: Buffer, path: string): Step | null {
  try {
    return { kind: 'folder', folder: openBelow(at, part) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const shown = decodeHostBytes(part);
    if (code === 'ENOENT') throw new WalkError('missing', `${path} is not there: “${shown}” is missing.`);
    if (code === 'EACCES')
      throw new WalkError('not-allowed', `No permission to go through “${shown}” to ${path}.`);
    if (code !== 'ENOTDIR' && code !== 'ELOOP') throw error;
    const stats = lstatIn(at, part);
    if (stats === null) throw new WalkError('missing', `${path} is not there: “${shown}” is missing.`);
    if (stats.isDirectory()) return null;
    if (!stats.isSymbolicLink())
      throw new WalkError('not-a-folder', `“${shown}” on the way to ${path} is no folder.`);
    if (!isBeyondReach(stats) || !isBeyondReach(lstatSync(at.child('.'), { bigint: true })))
      throw new WalkError(
        'symlink',
        `“${shown}” on the way to ${path} is a symlink that others than root could have put there; it is not followed.`,
      );
    const target = readLinkIn(at, part);
    return target === null ? null : { kind: 'link', target };
  }
}

function split(bytes: Buffer, path: string): Buffer[] {
  if (bytes[0] !== SLASH) throw new WalkError('invalid', `${path} is not an absolute path.`);
  if (bytes.includes(0)) throw new WalkError('invalid', 'A path with a NUL byte in it names no file.');
  const parts = pathParts(bytes);
  if (parts.some((part) => part.equals(DOTS)))
    throw new WalkError('invalid', `${path} has “..” in it and is not followed.`);
  return parts;
}

function openRoot(): OpenFolder {
  const folder = folderOf(openSync('/', FOLDER));
  if (lstatSync(`/proc/self/fd/${folder.fd}`, { throwIfNoEntry: false }) === undefined) {
    folder.close();
    throw new WalkError(
      'unavailable',
      '/proc is not mounted, so no path can be opened safely. Mount it: mount -t proc proc /proc',
    );
  }
  return folder;
}

function folderOf(fd: number): OpenFolder {
  let isOpen = true;
  return {
    fd,
    child: (name) => Buffer.concat([Buffer.from(`/proc/self/fd/${fd}/`), Buffer.from(name)]),
    childForOthers: (name) =>
      decodeHostBytes(Buffer.concat([Buffer.from(`/proc/${process.pid}/fd/${fd}/`), Buffer.from(name)])),
    close: () => {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
}
