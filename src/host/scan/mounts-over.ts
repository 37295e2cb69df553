import { readFileSync } from 'node:fs';
import { decodeHostBytes } from '../../text/host-bytes.ts';

export interface MountOver {
  readonly pid: number;
  /** As mountinfo writes it: `/proc/812`, or something within. */
  readonly point: string;
  /** What lies there: the file system's type and source. */
  readonly what: string;
}

/** Mounts over /proc/PID or within it (proc_pid_mountinfo(5)). There is no ordinary use of one. Throws if it cannot be read. */
export function readMountsOver(path = '/proc/self/mountinfo'): MountOver[] {
  return parseMountsOver(decodeHostBytes(readFileSync(path)));
}

export function parseMountsOver(text: string): MountOver[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const point = fields[4] ?? '';
    const pid = /^\/proc\/(\d+)(?:\/[\w./-]*)?$/.exec(point)?.[1];
    if (pid === undefined) return [];
    const after = fields.slice(fields.indexOf('-') + 1);
    return [{ pid: Number(pid), point, what: `${after[0] ?? '?'} ${fields[3] ?? ''}`.trim() }];
  });
}
