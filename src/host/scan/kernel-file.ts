import { decodeHostBytes } from '../../text/host-bytes.ts';
import type { Look } from './look.ts';
import { readProcWhole } from './proc-read.ts';

/** A file of /proc or /sys, which have no size: its text without the last line's end; null if it is not there. */
export function readKernelFile(look: Look, path: string): string | null {
  try {
    return decodeHostBytes(readProcWhole(look.root + path)).replace(/\n$/, '');
  } catch {
    return null;
  }
}
