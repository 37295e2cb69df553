import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../text/user-error.ts';

/** Who is at an incident. A process is recognised by number, start time and boot, not by the age of the file. */
export interface LockRecord {
  readonly pid: number;
  readonly startTicks: string;
  readonly bootId: string;
  readonly hostname: string;
  readonly responder: string;
  readonly at: string;
}

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the incident's lock. A lock whose process is gone (or from before the last boot of this machine) is taken over.
 * @throws UserError `incident-locked` when somebody alive holds it.
 */
export async function takeLock(
  folder: string,
  mine: Pick<LockRecord, 'hostname' | 'responder' | 'at'>,
): Promise<Lock> {
  const path = join(folder, 'lock');
  const record: LockRecord = { ...mine, ...(await ownProcess()) };
  const draft = `${path}.${record.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await tryLink(draft, path)) return { release: () => release(path, record) };
      const holder = await readLock(folder);
      if (holder && (await isAlive(holder, record))) throw locked(holder);
      await setAside(path, holder);
    }
    throw new UserError(
      'incident-locked',
      "The incident's lock keeps changing hands, so it was not opened.",
      { hint: 'Try again.' },
    );
  } finally {
    await rm(draft, { force: true });
  }
}

/** The holder as written, or null if there is no (readable) lock. */
export async function readLock(folder: string): Promise<LockRecord | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'lock'), 'utf8')) as LockRecord;
  } catch {
    return null;
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    // link(2) fails if the name exists, on every file system; it is the whole exclusion.
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A dead holder's lock is moved away and looked at again there, lest a fresh one was hit in between. */
async function setAside(path: string, expected: LockRecord | null): Promise<void> {
  const aside = `${path}.stale.${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, 'utf8').catch(() => '');
  if (expected !== null && moved !== JSON.stringify(expected)) await tryLink(aside, path);
  await rm(aside, { force: true });
}

async function release(path: string, mine: LockRecord): Promise<void> {
  const now = await readFile(path, 'utf8').catch(() => null);
  if (now === JSON.stringify(mine)) await rm(path, { force: true });
}

async function isAlive(holder: LockRecord, mine: LockRecord): Promise<boolean> {
  // The folder may lie on a network file system: of another machine's processes nothing can be known.
  if (holder.hostname !== mine.hostname) return true;
  if (holder.bootId !== mine.bootId) return false;
  if (mine.startTicks === '') return isRunning(holder.pid);
  return (await startTicks(holder.pid)) === holder.startTicks;
}

async function ownProcess(): Promise<Pick<LockRecord, 'pid' | 'startTicks' | 'bootId'>> {
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

function locked(holder: LockRecord): UserError {
  return new UserError(
    'incident-locked',
    `The incident is in the hands of ${holder.responder} (process ${holder.pid} on ${holder.hostname}, since ${holder.at}).`,
    {
      hint: 'Wait until they leave it, or work together on their screen; `tourniquet show` reads it meanwhile.',
    },
  );
}
