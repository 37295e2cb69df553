import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { toFsPath } from '../file-identity.ts';
import type { CommandSession } from './command-session.ts';

/** The last line that it put out, on stderr if there is any, as ` It said: …`; '' if it said nothing. Reads no more than an end. */
export function lastWords({ folder }: CommandSession): string {
  for (const name of ['stderr', 'stdout']) {
    const line = readEnd(join(folder, name)).trim().split('\n').at(-1)?.trim() ?? '';
    if (line !== '') return ` It said: ${line.slice(0, MOST_WORDS)}`;
  }
  return '';
}

const MOST_WORDS = 300;
const END_BYTES = 2048;

function readEnd(path: string): string {
  try {
    const fd = openSync(toFsPath(path), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const end = Buffer.alloc(END_BYTES);
      const size = readSync(fd, end, 0, END_BYTES, Math.max(0, fstatSync(fd).size - END_BYTES));
      return decodeHostBytes(end.subarray(0, size));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
