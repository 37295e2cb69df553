import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Who is at an incident. A process is recognised by number, start time and boot, not by the age of the file. */
export interface LockRecord {
  readonly pid: number;
  readonly startTicks: string;
  readonly bootId: string;
  readonly hostname: string;
  readonly responder: string;
  readonly at: string;
}

/** The holder as written, or null if there is no (readable) lock. */
export async function readLock(folder: string): Promise<LockRecord | null> {
  return readRecord(join(folder, 'lock'));
}

/** Whoever is written in the file, or null. */
export async function readRecord(path: string): Promise<LockRecord | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockRecord;
  } catch {
    return null;
  }
}

/** `ana (process 4242 on web-07, since …)`. */
export function holderText(holder: LockRecord): string {
  return `${holder.responder} (process ${holder.pid} on ${holder.hostname}, since ${holder.at})`;
}

/** Whether the process that wrote it may still be there. */
export async function isAlive(holder: LockRecord, mine: LockRecord): Promise<boolean> {
  // The folder may lie on a network file system: of another machine's processes nothing can be known.
  if (holder.hostname !== mine.hostname) return true;
  if (holder.bootId !== mine.bootId) return false;
  if (mine.startTicks === '') return isRunning(holder.pid);
  return (await startTicks(holder.pid)) === holder.startTicks;
}

export async function ownProcess(): Promise<Pick<LockRecord, 'pid' | 'startTicks' | 'bootId'>> {
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return { pid: process.pid, startTicks: (await startTicks(process.pid)) ?? '', bootId: bootId.trim() };
}

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)); the name in field 2 may hold blanks and brackets. */
async function startTicks(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
