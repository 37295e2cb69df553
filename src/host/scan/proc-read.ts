import { closeSync, constants, openSync, readSync } from 'node:fs';

/** Whatever lies there instead of what the kernel puts there must not make us wait. */
const PROC_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const shared = Buffer.allocUnsafe(256 * 1024);

/**
 * A small file of /proc/PID (stat, cmdline, environ, cgroup), cut off at 256 KiB. The kernel gives each of these
 * whole with the first read that has room for it, so there is no second one. What is returned is overwritten by the
 * next call. Throws the file system's error.
 */
export function readProcShared(path: string): Buffer {
  const fd = openSync(path, PROC_FLAGS);
  try {
    return shared.subarray(0, readSync(fd, shared, 0, shared.length, null));
  } finally {
    closeSync(fd);
  }
}

/** The same for a file that may be large (socket tables); the caller's to keep. */
export function readProcWhole(path: string, limit = 64 * 1024 * 1024): Buffer {
  const fd = openSync(path, PROC_FLAGS);
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
