/**
 * Who may act on this host in the name of an incident: only the runner that came last.
 *
 * A runner that hung can be replaced while it is between its record and its deed. What it then still does when it
 * wakes would happen behind the back of whoever has the incident now. So the host itself decides, right before it acts:
 *  - `fence` holds the highest number that any runner of the incident has shown (of its `runner-attached` record), as
 *    `INCIDENT:NUMBER`. Two incidents can have one id (begun in the same second); whose folder it is, it tells as well:
 *    the second one gets a folder of its own, or it would take the commands and the quarantine of the first for its own.
 *  - `acting` is made by link(2) for the time of one deed. While it is there nobody can raise the fence, so
 *    between the look at the fence and the deed nothing can change.
 *  - Whoever wants to raise the fence waits for the deed in hand. One that does not end (its process is stopped, or
 *    hangs) is ended: then it cannot go on later, and the operation's own `verify` says how far it came.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../text/user-error.ts';
import { ensurePrivateFolder, writeFileDurably } from './perform/private-folder.ts';
import { hasEnded, readBootId, readProcess } from './process-identity.ts';

/** How long a deed in hand is waited for: as long as an agent without its client finishes one (agent.ts). */
const MOST_WAIT_MS = 35_000;
/** A stopped process does not go on by itself. */
const STOPPED_WAIT_MS = 1_000;

interface Holder {
  readonly pid: number;
  readonly startTicks: string;
  readonly bootId: string;
}

/**
 * Runs `deed` if no newer runner has shown itself, and keeps newer ones waiting meanwhile. `token` '' belongs to
 * nobody in particular and never raises the fence.
 * @throws UserError `taken-over` before the deed if a newer one has; `host-busy` if somebody else does not end.
 */
export async function whileFenced<T>(folder: string, token: string, deed: () => Promise<T>): Promise<T> {
  ensurePrivateFolder(folder);
  const leave = await enter(folder);
  try {
    const highest = readText(join(folder, 'fence')) ?? '';
    const isSame = incidentOf(token) === incidentOf(highest);
    if (token !== '' && highest !== '' && !isSame) throw new OtherIncident();
    if (token !== '' && numberOf(token) < numberOf(highest)) throw takenOver();
    if (token !== '' && token !== highest) writeFileDurably(join(folder, 'fence'), token);
    return await deed();
  } finally {
    leave();
  }
}

/** The folder is that of another incident with the same id. */
export class OtherIncident extends Error {
  override readonly name = 'OtherIncident';
}

/** Whether the folder may be used in the name of this token: nobody's yet, or of the same incident. */
export function isFolderOf(folder: string, token: string): boolean {
  const owner = readText(join(folder, 'fence')) ?? '';
  return token === '' || owner === '' || incidentOf(owner) === incidentOf(token);
}

async function enter(folder: string): Promise<() => void> {
  const path = join(folder, 'acting');
  const own = readProcess(process.pid);
  const me: Holder = {
    pid: process.pid,
    startTicks: own?.identity.startTicks ?? '',
    bootId: readBootId(),
  };
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const text = JSON.stringify({ ...me, draft: draft.slice(path.length) });
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  try {
    const begunAt = performance.now();
    for (;;) {
      if (tryLink(draft, path)) return () => rmSync(path, { force: true });
      await makeWay(path, performance.now() - begunAt);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Waits a little for whoever is acting; ends them when they have had their time. */
async function makeWay(path: string, waitedMs: number): Promise<void> {
  const text = readText(path);
  if (text === null) return;
  const holder = parseHolder(text);
  const now = holder?.bootId === readBootId() ? readProcess(holder.pid) : null;
  if (holder === null || now === null || hasEnded(now) || now.identity.startTicks !== holder.startTicks) {
    setAside(path, text);
    return;
  }
  const isStopped = now.state === 'T' || now.state === 't';
  if (holder.pid !== process.pid && waitedMs > (isStopped ? STOPPED_WAIT_MS : MOST_WAIT_MS)) {
    // The number cannot have passed on: whoever has it is the one that was just read, with the same start.
    try {
      process.kill(holder.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw busy(holder);
    }
    if (waitedMs > MOST_WAIT_MS * 2) throw busy(holder);
  }
  await pause(10);
}

/** Moved away and looked at again there, lest a fresh one was hit in between. */
function setAside(path: string, expected: string): void {
  const aside = `${path}.stale.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readText(aside) !== expected) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Of `INCIDENT:NUMBER` the first part. */
export function incidentOf(token: string): string {
  return token.slice(0, token.lastIndexOf(':'));
}

function numberOf(token: string): number {
  return Number(token.slice(token.lastIndexOf(':') + 1)) || 0;
}

function parseHolder(text: string): Holder | null {
  try {
    const { pid, startTicks, bootId } = JSON.parse(text) as Holder;
    return Number.isSafeInteger(pid) && pid > 1 ? { pid, startTicks, bootId } : null;
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function takenOver(): UserError {
  return new UserError(
    'taken-over',
    'The incident was taken over by somebody else since, so the host did not do it.',
    { hint: '`tourniquet resume` follows them, read-only.' },
  );
}

function busy({ pid }: Holder): UserError {
  return new UserError(
    'host-busy',
    `Process ${pid} on the host is in the middle of a change of this incident and can be neither waited for nor ended.`,
    { hint: `Look at it (ps -fp ${pid}); when it is gone, \`tourniquet resume\`.` },
  );
}
