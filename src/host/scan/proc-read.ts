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

/** The same for a file that may be large; the caller's to keep. */
export function readProcWhole(path: string, limit = 64 * 1024 * 1024): Buffer {
  return readPieces(path, limit, 1);
}

/** A page is 4 KiB at least. */
const HALF_A_PAGE = 2048;

/**
 * A table of /proc/net. For each read the kernel walks all of its hash table of connections (a millisecond and more, on
 * an idle host too), also for the one that says no more than that this was the end. That one is spared: a read ends
 * where a page has no room for one more line, or with the last (fs/seq_file.c, seq_read_iter), and no line is so long.
 */
export function readProcTable(path: string, limit = 64 * 1024 * 1024): Buffer {
  return readPieces(path, limit, HALF_A_PAGE);
}

/** Until a read gives less than `least` bytes. */
function readPieces(path: string, limit: number, least: number): Buffer {
  const fd = openSync(path, PROC_FLAGS);
  try {
    const pieces: Buffer[] = [];
    let total = 0;
    while (total < limit) {
      const count = readSync(fd, shared, 0, shared.length, null);
      if (count > 0) pieces.push(Buffer.from(shared.subarray(0, count)));
      total += count;
      if (count < least) break;
    }
    return Buffer.concat(pieces);
  } finally {
    closeSync(fd);
  }
}
