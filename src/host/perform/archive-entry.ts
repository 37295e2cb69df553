import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import type { Header } from 'tar-stream';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { O_PATH } from '../safe-path.ts';
import { reopen } from './opened-file.ts';
import type { TreeEntry } from './walk-tree.ts';

/** What tar-stream is given for a thing, with records of POSIX pax for what its own fields cannot hold. */
export type TarHeader = Partial<Header> & Pick<Header, 'name'>;

/** What kind of thing it is, in the words of the manifest. */
export type EntryType = 'file' | 'directory' | 'symlink' | 'socket' | 'fifo' | 'device';

export function typeOf(stats: BigIntStats): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isSocket()) return 'socket';
  return stats.isFIFO() ? 'fifo' : 'device';
}

/** Its name in the archive: without the leading slash; each byte that is no UTF-8 as %XX (the manifest has the true one). */
export function nameInArchive(path: string): string {
  const name = path.replace(/^\/+/, '') || '.';
  return name.replace(
    LONE_BYTE,
    (escaped) => `%${((escaped.codePointAt(0) ?? 0) - 0xdc00).toString(16).toUpperCase()}`,
  );
}

const LONE_BYTE = /[\udc80-\udcff]/gu;

export function headerOf(entry: TreeEntry, stats: BigIntStats, target: string | null): TarHeader {
  const { mtimeNs } = stats;
  const isOld = mtimeNs < 0n;
  const fraction = (isOld ? 0n : mtimeNs % 1_000_000_000n).toString().padStart(9, '0');
  const seconds = isOld ? 0n : mtimeNs / 1_000_000_000n;
  return {
    name: nameInArchive(entry.path) + (stats.isDirectory() ? '/' : ''),
    // With the type's bits: tar-stream takes a mode of 0 for none given.
    mode: Number(stats.mode),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: stats.isFile() ? Number(stats.size) : 0,
    // The header's own field counts whole seconds in 32 bits; the pax record is the true time.
    mtime: new Date(Math.min(Number(seconds), 0x7fffffff) * 1000),
    type: stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'symlink' : 'file',
    ...(target === null ? {} : { linkname: nameInTarget(target) }),
    pax: {
      mtime: `${seconds}.${fraction}`,
      ...(stats.uid > MOST_OCTAL ? { uid: String(stats.uid) } : {}),
      ...(stats.gid > MOST_OCTAL ? { gid: String(stats.gid) } : {}),
    },
  };
}

/** What fits into the header's own field for a user's number. */
const MOST_OCTAL = 0o777777n;

function nameInTarget(target: string): string {
  return target.replace(
    LONE_BYTE,
    (escaped) => `%${((escaped.codePointAt(0) ?? 0) - 0xdc00).toString(16).toUpperCase()}`,
  );
}

export function targetOf(entry: TreeEntry): string {
  return decodeHostBytes(readlinkSync(entry.folder.child(entry.name), { encoding: 'buffer' }));
}

/** An open regular file, held so that what is read is what was looked at. */
export interface OpenEntry {
  readonly stats: BigIntStats;
  /**
   * Exactly `stats.size` bytes, as the archive's header has promised: what has been cut off meanwhile is zeros, what
   * was added is left out. Returns the hash of what was handed over, and whether the file changed while it was read.
   */
  read(
    take: (bytes: Uint8Array) => Promise<void>,
  ): Promise<{ readonly sha256: string; readonly note: string | null }>;
  close(): void;
}

/** null if it is no regular file any more. Throws the system's error. */
export function openEntry(entry: TreeEntry): OpenEntry | null {
  const place = openSync(entry.folder.child(entry.name), O_PATH | constants.O_NOFOLLOW);
  try {
    if (!fstatSync(place).isFile()) return null;
    const fd = reopen(place);
    const stats = fstatSync(fd, { bigint: true });
    return { stats, read: (take) => readWhole(fd, stats, take), close: () => closeSync(fd) };
  } finally {
    closeSync(place);
  }
}

const PIECE_BYTES = 1024 * 1024;

async function readWhole(fd: number, stats: BigIntStats, take: (bytes: Uint8Array) => Promise<void>) {
  const hash = createHash('sha256');
  const size = Number(stats.size);
  let problem: string | null = null;
  for (let at = 0; at < size; ) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - at));
    let count = piece.length;
    try {
      if (problem === null) count = readSync(fd, piece, 0, piece.length, at);
    } catch (error) {
      problem = `reading failed at byte ${at} (${(error as NodeJS.ErrnoException).code ?? String(error)}); the rest is zeros`;
    }
    if (count === 0) {
      problem ??= `it was cut off at byte ${at} while it was read; the rest is zeros`;
      count = piece.length;
    }
    const bytes = piece.subarray(0, count);
    hash.update(bytes);
    await take(bytes);
    at += count;
  }
  const after = fstatSync(fd, { bigint: true });
  const hasChanged = after.size !== stats.size || after.mtimeNs !== stats.mtimeNs;
  return {
    sha256: hash.digest('hex'),
    note: problem ?? (hasChanged ? 'it changed while it was read' : null),
  };
}
