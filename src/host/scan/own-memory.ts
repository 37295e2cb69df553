import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import { readProcShared } from './proc-read.ts';

/** Only these are asked: what is idle does not mine, and telling its memory is a reading more of each process. */
const BUSY_PERCENT = 50;
const MOST_ASKED = 64;

/** How much memory of their own those have that compute, huge pages included. CPU time must have been told. */
export function readOwnMemory(look: Look, gathered: Gathered): void {
  let asked = 0;
  gathered.processes = gathered.processes.map((seen) => {
    if ((seen.cpuPercent ?? 0) < BUSY_PERCENT || asked >= MOST_ASKED) return seen;
    asked += 1;
    try {
      const status = readProcShared(`${look.root}/proc/${seen.process.pid}/status`).toString('latin1');
      return { ...seen, ownMemoryMiB: parseOwnMemory(status) };
    } catch {
      return seen;
    }
  });
}

/** `RssAnon` and, which is not in it, `HugetlbPages` of proc_pid_status(5), both in KiB. */
export function parseOwnMemory(status: string): number {
  const kibibytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return Math.round((kibibytes('RssAnon') + kibibytes('HugetlbPages')) / 1024);
}
