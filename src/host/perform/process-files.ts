import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import type { EvidenceWriter } from '../host.ts';
import { O_PATH } from '../safe-path.ts';
import { reopen } from './opened-file.ts';

/** What was copied of something in /proc. */
export interface CopyMade {
  readonly sizeBytes: number;
  readonly sha256: string;
  /** True if it was longer than the cap. */
  readonly isCut: boolean;
}

const PIECE_BYTES = 1024 * 1024;

/** Copies a file of /proc/PID (whose size /proc gives as 0) to the evidence, up to `maxBytes`. Throws the system's error. */
export async function copyProcFile(
  path: string,
  writer: EvidenceWriter,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<CopyMade> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  return copyDescriptor(fd, writer, maxBytes, signal);
}

/**
 * Copies what a magic link of /proc leads to (`exe`, `fd/N`), though no name leads to it any more. Only regular
 * files are opened: the place is held first (O_PATH), looked at, and then opened as what it was seen to be.
 * Returns null if it is no regular file. Throws the system's error.
 */
export async function copyMagicLink(
  link: string,
  writer: () => Promise<EvidenceWriter>,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<CopyMade | null> {
  const place = openSync(link, O_PATH);
  try {
    if (!fstatSync(place).isFile()) return null;
    return await copyDescriptor(reopen(place), await writer(), maxBytes, signal);
  } finally {
    closeSync(place);
  }
}

/** Reads all of a small file of /proc; null if it cannot be. */
export function readProcFile(path: string, maxBytes = 4 * 1024 * 1024): Buffer | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const pieces: Buffer[] = [];
      for (let total = 0; total < maxBytes; ) {
        const piece = Buffer.allocUnsafe(64 * 1024);
        const count = readSync(fd, piece, 0, piece.length, null);
        if (count === 0) break;
        pieces.push(piece.subarray(0, count));
        total += count;
      }
      return Buffer.concat(pieces);
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}

/** What a link of /proc says; null if it cannot be read. */
export function readProcLink(path: string): string | null {
  try {
    return decodeHostBytes(readlinkSync(path, { encoding: 'buffer' }));
  } catch {
    return null;
  }
}

/** The open descriptors of a process with what they lead to; null if they cannot be listed. */
export function listDescriptors(
  pid: number,
): { readonly number: number; readonly target: string | null }[] | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => ({
      number: Number(name),
      target: readProcLink(`/proc/${pid}/fd/${name}`),
    }));
  } catch {
    return null;
  }
}

/** Whether nothing but the descriptor leads to the file: no name, or a memfd. */
export function isNameless(link: string): boolean {
  const place = openSync(link, O_PATH);
  try {
    const stats = fstatSync(place);
    return stats.isFile() && stats.nlink === 0;
  } finally {
    closeSync(place);
  }
}

async function copyDescriptor(
  fd: number,
  writer: EvidenceWriter,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<CopyMade> {
  const hash = createHash('sha256');
  let at = 0;
  try {
    while (at < maxBytes) {
      signal?.throwIfAborted();
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, maxBytes - at));
      // By position: a descriptor of /proc/PID/fd is a new opening, and its offset is ours alone.
      const count = readSync(fd, piece, 0, piece.length, at);
      if (count === 0) break;
      hash.update(piece.subarray(0, count));
      await writer.write(piece.subarray(0, count));
      at += count;
    }
    const isCut = at >= maxBytes && readSync(fd, Buffer.alloc(1), 0, 1, at) > 0;
    return { sizeBytes: at, sha256: hash.digest('hex'), isCut };
  } finally {
    closeSync(fd);
  }
}
