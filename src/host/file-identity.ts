import { createHash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import type { FileIdentity } from '../operations/identity.ts';
import { encodeHostBytes } from '../text/host-bytes.ts';
import { refuseSilent } from './silent-mounts.ts';

/**
 * What a file is recognised by, read without following a final symlink and without changing anything.
 *
 * A file is opened once and everything is taken from what was opened. A FIFO, a device or a folder is never
 * opened: that could hang or have effects. Throws {@link FileIdentityError}.
 */
export function identifyFile(path: string, options: IdentifyOptions = {}): FileIdentity {
  const real = reach((options.root ?? '') + path, path);
  const seen = statOf(real, path);
  if (seen.isSymbolicLink()) return describe(path, 'symlink', seen, sha256(linkTarget(real, path)));
  if (!seen.isFile()) {
    throw new FileIdentityError(
      'not-a-file',
      path,
      'it is no regular file (a folder, FIFO, socket or device)',
    );
  }
  const maxBytes = options.maxBytes ?? 4 * 1024 ** 3;
  if (seen.size > BigInt(maxBytes))
    throw new FileIdentityError('too-big', path, `it has more than ${maxBytes} bytes`);
  const fd = openRegular(real, path);
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile())
      throw new FileIdentityError('not-a-file', path, 'it was replaced while it was looked at');
    return describe(path, 'file', stats, hashDescriptor(fd, Number(stats.size)));
  } finally {
    closeSync(fd);
  }
}

/** {@link identifyFile} with its failures as data. */
export function tryIdentifyFile(
  path: string,
  options: IdentifyOptions = {},
): FileIdentity | FileIdentityError {
  try {
    return identifyFile(path, options);
  } catch (error) {
    if (error instanceof FileIdentityError) return error;
    throw error;
  }
}

export interface IdentifyOptions {
  /** Looks in this tree instead of `/`; the identity names the path as seen from inside. */
  readonly root?: string;
  readonly maxBytes?: number;
}

export type FileIdentityProblem = 'missing' | 'not-allowed' | 'not-a-file' | 'too-big' | 'unreadable';

export class FileIdentityError extends Error {
  override readonly name = 'FileIdentityError';
  readonly code: FileIdentityProblem;

  constructor(code: FileIdentityProblem, path: string, why: string) {
    super(`${path} could not be looked at: ${why}.`);
    this.code = code;
  }
}

/**
 * A host string as what `fs` wants; names that are not UTF-8 go as their bytes. Throws EHOSTDOWN, as a system call
 * would, for what lies behind a mount that does not answer.
 */
export function toFsPath(path: string): string | Buffer {
  refuseSilent(path);
  return /[\udc80-\udcff]/.test(path) ? Buffer.from(encodeHostBytes(path)) : path;
}

/** Opens for reading, never through a final symlink, never waiting for a writer, without a new access time where allowed. */
export function openWithoutTrace(path: string | Buffer): number {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
  try {
    return openSync(path, flags | (constants.O_NOATIME ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    return openSync(path, flags);
  }
}

function reach(real: string, path: string): string | Buffer {
  try {
    return toFsPath(real);
  } catch (error) {
    throw problemOf(error, path);
  }
}

function openRegular(real: string | Buffer, path: string): number {
  try {
    return openWithoutTrace(real);
  } catch (error) {
    throw problemOf(error, path);
  }
}

function statOf(real: string | Buffer, path: string): BigIntStats {
  try {
    return lstatSync(real, { bigint: true });
  } catch (error) {
    throw problemOf(error, path);
  }
}

function linkTarget(real: string | Buffer, path: string): Buffer {
  try {
    return readlinkSync(real, { encoding: 'buffer' });
  } catch (error) {
    throw problemOf(error, path);
  }
}

/** Hashes what was there when it was opened: a file that goes on growing ends all the same. */
function hashDescriptor(fd: number, sizeBytes: number): string {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(Math.min(1024 * 1024, Math.max(sizeBytes, 1)));
  let left = sizeBytes;
  while (left > 0) {
    const count = readSync(fd, piece, 0, Math.min(piece.length, left), null);
    if (count === 0) break;
    hash.update(piece.subarray(0, count));
    left -= count;
  }
  return hash.digest('hex');
}

function describe(
  path: string,
  kind: FileIdentity['kind'],
  stats: BigIntStats,
  sha256: string,
): FileIdentity {
  return {
    path,
    kind,
    device: stats.dev.toString(),
    inode: stats.ino.toString(),
    sizeBytes: Number(stats.size),
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: stats.mtimeNs.toString(),
    sha256,
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function problemOf(error: unknown, path: string): FileIdentityError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new FileIdentityError('missing', path, 'it is not there');
  if (code === 'EACCES' || code === 'EPERM')
    return new FileIdentityError('not-allowed', path, 'no permission to read it');
  if (code === 'ELOOP')
    return new FileIdentityError('not-a-file', path, 'it was replaced by a symlink while it was looked at');
  if (code === 'EHOSTDOWN')
    return new FileIdentityError('unreadable', path, 'the mount that it is on does not answer');
  return new FileIdentityError('unreadable', path, `reading failed (${code ?? String(error)})`);
}
