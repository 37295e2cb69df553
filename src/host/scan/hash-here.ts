import { createHash } from 'node:crypto';
import { closeSync, fstatSync, lstatSync, readSync } from 'node:fs';
import type { ScanScope } from '../../findings/scan.ts';
import { openWithoutTrace, toFsPath } from '../file-identity.ts';
import { checkTime, type Look, note } from './look.ts';

/** One for all files: nothing else runs while a file is read. */
const piece = Buffer.allocUnsafeSlow(256 * 1024);

/**
 * Hexadecimal hash of a regular file, read in pieces; null if it is missing, not a regular file or may not
 * be read (which is noted), and if it has more than `limit` bytes.
 */
export function hashHere(
  look: Look,
  scope: ScanScope,
  path: string,
  algorithm: 'md5' | 'sha1' | 'sha256',
  limit: number,
): string | null {
  checkTime(look);
  try {
    const real = toFsPath(look.root + path);
    if (!lstatSync(real).isFile()) return null;
    const fd = openWithoutTrace(real);
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile() || stats.size > limit) return null;
      const hash = createHash(algorithm);
      for (let left = stats.size; left > 0; ) {
        const count = readSync(fd, piece, 0, Math.min(piece.length, left), null);
        if (count === 0) break;
        hash.update(piece.subarray(0, count));
        left -= count;
      }
      return hash.digest('hex');
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    note(look, scope, path, error);
    return null;
  }
}
