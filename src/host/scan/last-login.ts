import { closeSync, readSync } from 'node:fs';
import { openWithoutTrace, toFsPath } from '../file-identity.ts';
import { type Look, statHere } from './look.ts';

const LASTLOG = '/var/log/lastlog';
/** `struct lastlog` of bits/utmp.h: a time of 32 bits, a line of 32 bytes, a host of 256. */
const RECORD_BYTES = 292;

/**
 * When an account last logged in, ms since 1970, by lastlog(8): a record for each user id, in a file that is mostly
 * holes. null: never, or this host keeps no such file.
 */
export function lastLogin(look: Look, uid: number): number | null {
  const stats = statHere(look, LASTLOG);
  if (!stats?.isFile() || stats.size < BigInt(uid + 1) * BigInt(RECORD_BYTES)) return null;
  try {
    const fd = openWithoutTrace(toFsPath(look.root + LASTLOG));
    try {
      const bytes = Buffer.alloc(4);
      const seconds = readSync(fd, bytes, 0, 4, uid * RECORD_BYTES) === 4 ? bytes.readUInt32LE(0) : 0;
      return seconds === 0 ? null : seconds * 1000;
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}
