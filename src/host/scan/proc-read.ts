import { closeSync, openSync, readSync } from 'node:fs';

const shared = Buffer.allocUnsafe(256 * 1024);

/**
 * A file of /proc, whose size is not known beforehand. What is returned is overwritten by the next call.
 * Throws the file system's error.
 */
export function readProcShared(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    let at = 0;
    while (at < shared.length) {
      const count = readSync(fd, shared, at, shared.length - at, null);
      if (count === 0) break;
      at += count;
    }
    return shared.subarray(0, at);
  } finally {
    closeSync(fd);
  }
}

/** The same for a file that may be large (socket tables); the caller's to keep. */
export function readProcWhole(path: string, limit = 64 * 1024 * 1024): Buffer {
  const fd = openSync(path, 'r');
  try {
    const pieces: Buffer[] = [];
    let total = 0;
    while (total < limit) {
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
}
