import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { FileIdentity } from '../../operations/identity.ts';
import type { EvidenceFile } from '../../operations/receipt.ts';
import type { EvidenceSink } from '../host.ts';
import { lstatIn, O_PATH, type OpenFolder, readLinkIn } from '../safe-path.ts';

/** A file as it is now, taken from what was opened, not from its path. */
export interface FileNow extends Omit<FileIdentity, 'path'> {
  readonly links: number;
  readonly ctimeNs: string;
  /** Set where its bytes were asked for and it is a file. */
  readonly bytes: Uint8Array | null;
}

export interface LookOptions {
  /** Its bytes (or a symlink's target text) go here while they are hashed. */
  readonly sink?: (bytes: Uint8Array) => Promise<void>;
  readonly keepBytes?: boolean;
  readonly signal?: AbortSignal;
}

const PIECE_BYTES = 1024 * 1024;

/**
 * Looks at a name in an open folder without following it. Returns null if it is not there, `not-a-file` if it is
 * a folder, FIFO, socket or device (which is never opened), `changing` if it changed while it was read.
 */
export async function lookAt(
  folder: OpenFolder,
  name: Buffer | string,
  options: LookOptions = {},
): Promise<FileNow | null | 'not-a-file' | 'changing'> {
  let place: number;
  try {
    place = openSync(folder.child(name), O_PATH | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const stats = fstatSync(place, { bigint: true });
    if (stats.isSymbolicLink()) return await lookAtLink(folder, name, stats, options);
    if (!stats.isFile()) return 'not-a-file';
    return await lookAtContents(place, stats, options);
  } finally {
    closeSync(place);
  }
}

async function lookAtLink(
  folder: OpenFolder,
  name: Buffer | string,
  stats: BigIntStats,
  options: LookOptions,
) {
  const target = readLinkIn(folder, name);
  if (target === null) return 'changing';
  // A symlink cannot be read by descriptor here; the same inode before and after means that it was this one.
  const after = lstatIn(folder, name);
  if (after?.ino !== stats.ino || after.dev !== stats.dev) return 'changing';
  await options.sink?.(target);
  return fileNow('symlink', stats, createHash('sha256').update(target).digest('hex'), null);
}

async function lookAtContents(place: number, stats: BigIntStats, options: LookOptions) {
  const hash = createHash('sha256');
  const kept: Uint8Array[] = [];
  const fd = reopen(place);
  try {
    let at = 0;
    for (;;) {
      options.signal?.throwIfAborted();
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(Number(stats.size) - at + 1, 1)));
      const count = readSync(fd, piece, 0, piece.length, at);
      if (count === 0) break;
      at += count;
      if (at > Number(stats.size)) return 'changing';
      const bytes = piece.subarray(0, count);
      hash.update(bytes);
      if (options.keepBytes) kept.push(bytes);
      await options.sink?.(bytes);
    }
    const after = fstatSync(fd, { bigint: true });
    if (after.size !== stats.size || after.mtimeNs !== stats.mtimeNs || BigInt(at) !== stats.size)
      return 'changing';
  } finally {
    closeSync(fd);
  }
  return fileNow('file', stats, hash.digest('hex'), options.keepBytes ? Buffer.concat(kept) : null);
}

/** Opens what is already held (by O_PATH) for reading, without a new access time where that is allowed. */
export function reopen(place: number): number {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  try {
    return openSync(`/proc/self/fd/${place}`, flags | (constants.O_NOATIME ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    return openSync(`/proc/self/fd/${place}`, flags);
  }
}

function fileNow(
  kind: FileIdentity['kind'],
  stats: BigIntStats,
  sha256: string,
  bytes: Uint8Array | null,
): FileNow {
  return {
    kind,
    device: stats.dev.toString(),
    inode: stats.ino.toString(),
    sizeBytes: Number(stats.size),
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: stats.mtimeNs.toString(),
    sha256,
    links: Number(stats.nlink),
    ctimeNs: stats.ctimeNs.toString(),
    bytes,
  };
}

/** What differs from the plan, in words; null if nothing does. */
export function whatChanged(
  planned: Omit<FileIdentity, 'path'>,
  now: Omit<FileIdentity, 'path'>,
): string | null {
  if (now.kind !== planned.kind)
    return now.kind === 'symlink' ? 'it is a symlink now' : 'it is no symlink any more';
  const changes: string[] = [];
  if (now.sha256 !== planned.sha256)
    changes.push(`its contents (SHA-256 ${now.sha256.slice(0, 12)}…, not ${planned.sha256.slice(0, 12)}…)`);
  if (now.device !== planned.device || now.inode !== planned.inode)
    changes.push(`its inode (${now.device}:${now.inode}, not ${planned.device}:${planned.inode})`);
  if (now.sizeBytes !== planned.sizeBytes)
    changes.push(`its size (${now.sizeBytes}, not ${planned.sizeBytes} bytes)`);
  if (now.mode !== planned.mode) changes.push(`its mode (${octal(now.mode)}, not ${octal(planned.mode)})`);
  if (now.uid !== planned.uid || now.gid !== planned.gid)
    changes.push(`its owner (${now.uid}:${now.gid}, not ${planned.uid}:${planned.gid})`);
  if (now.mtimeNs !== planned.mtimeNs) changes.push('its modification time');
  return changes.length === 0 ? null : `changed: ${changes.join(', ')}`;
}

/**
 * Whether it is the same thing in all that a move keeps. The inode is left out: an overlay file system gives a
 * file another one when it is first changed (overlayfs, "Inode properties").
 */
export function isSameContent(planned: Omit<FileIdentity, 'path'>, now: Omit<FileIdentity, 'path'>): boolean {
  return whatChanged({ ...planned, device: now.device, inode: now.inode }, now) === null;
}

/** A copy into the evidence, hashed on the way. */
export async function copyToEvidence(
  sink: EvidenceSink,
  name: string,
  source: string,
  look: (write: (bytes: Uint8Array) => Promise<void>) => Promise<FileNow | null | 'not-a-file' | 'changing'>,
): Promise<{ readonly now: FileNow | null | 'not-a-file' | 'changing'; readonly evidence: EvidenceFile }> {
  const writer = await sink.open(name, source);
  try {
    const now = await look((bytes) => writer.write(bytes));
    return { now, evidence: await writer.close() };
  } catch (error) {
    await writer.close().catch(() => undefined);
    throw error;
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
