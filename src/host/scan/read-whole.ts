import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { openWithoutTrace, toFsPath } from '../file-identity.ts';
import { refuseSilent } from '../silent-mounts.ts';
import type { Look } from './look.ts';

/** Miners and droppers are smaller; what is larger is passed over and said to be. */
const MOST_FILE_BYTES = 24 * 1024 * 1024;

/**
 * All bytes of a regular file, in a buffer of their own that can be given away; or why not. A link is followed only if it
 * is /proc/PID/exe, which the kernel makes.
 */
export function readWhole(
  look: Look,
  path: string,
  limit: number,
): { readonly bytes: Uint8Array<ArrayBuffer> } | 'too-large' | 'no-room' | 'unreadable' {
  try {
    refuseSilent(look.root + path, true);
    const fd = /^\/proc\/\d+\/exe$/.test(path)
      ? openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
      : openWithoutTrace(toFsPath(look.root + path));
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile()) return 'unreadable';
      if (stats.size > MOST_FILE_BYTES) return 'too-large';
      if (stats.size > limit) return 'no-room';
      const bytes = new Uint8Array(stats.size);
      let at = 0;
      while (at < bytes.length) {
        const count = readSync(fd, bytes, at, bytes.length - at, at);
        if (count === 0) break;
        at += count;
      }
      return { bytes: at === bytes.length ? bytes : bytes.slice(0, at) };
    } finally {
      closeSync(fd);
    }
  } catch {
    return 'unreadable';
  }
}
