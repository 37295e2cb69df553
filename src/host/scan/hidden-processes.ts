import { existsSync, readFileSync } from 'node:fs';
import type { ObservedProcess } from '../../findings/observation.ts';
import type { HiddenBy } from '../../findings/process-traces.ts';
import { readMounts } from '../mount-table.ts';
import { lookBehind } from './behind-mount.ts';
import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import { type MountOver, readMountsOver } from './mounts-over.ts';
import {
  answersSignal,
  canSignal,
  groupedNumbers,
  hasFolder,
  listedNumbers,
  tryNumbers,
} from './process-numbers.ts';
import { aroundOf, observeProcess, statOf } from './processes.ts';

/** For trying all numbers; what is left untried then is said. */
const BUDGET_MS = 1_500;

/**
 * Processes that a listing of /proc does not give, by three other views: every number tried, the control groups,
 * and what is mounted over a process's folder. Processes come and go: only what is missing twice, as the same
 * process, is hidden.
 */
export async function enumerateHidden(look: Look, gathered: Gathered): Promise<number> {
  if (look.root !== '') return 0;
  await findMountedOver(look, gathered);
  if (isMeantToBePrivate(look)) return 0;
  const before = listedNumbers();
  const grouped = groupedNumbers();
  const numbers = await tryNumbers(look, BUDGET_MS);
  const after = listedNumbers();
  if (numbers.tried < numbers.total) {
    look.unknowns.push({
      scope: 'hidden-processes',
      what: `process numbers ${numbers.tried + 1} to ${numbers.total}`,
      reason: 'there are too many to try each; the control groups were looked at for all',
    });
  }
  const missing = [...new Set([...numbers.there, ...grouped])].filter(
    (pid) => !before.has(pid) && !after.has(pid),
  );
  const first = missing.map((pid) => examine(pid)).filter((one) => one !== null);
  const listed = listedNumbers();
  const around = aroundOf(look);
  for (const { pid, startTicks } of first) {
    const again = examine(pid);
    if (listed.has(pid) || again === null || again.startTicks !== startTicks) continue;
    const views = [
      ...(hasFolder(pid) ? [`/proc/${pid} answers when asked for by number`] : []),
      ...(canSignal() && answersSignal(pid) ? ['it takes signals'] : []),
      ...(grouped.has(pid) ? ['the control groups list it'] : []),
    ];
    const seen = startTicks === null ? null : observeProcess(look, String(pid), around);
    if (seen !== null) {
      gathered.processes.push({ ...seen, hidden: { how: 'not-listed', views, point: null } });
    } else if (!gathered.disagreements.some((known) => known.pid === pid)) {
      gathered.disagreements.push({
        about: `process ${pid}`,
        ours: views.join(', '),
        theirs: 'a listing of /proc does not give it, and what it is cannot be read',
        code: 'hidden-process',
        pid,
      });
    }
  }
  return numbers.tried;
}

interface Examined {
  readonly pid: number;
  /** null if it cannot be read. */
  readonly startTicks: string | null;
}

/** null: nothing to be listed: it has ended, or it is a thread, which a listing leaves out. */
function examine(pid: number): Examined | null {
  const stat = statOf(`/proc/${pid}`);
  if (stat !== null) {
    if (stat.state === 'Z' || stat.state === 'X') return null;
    const group = Number(/^Tgid:\t(\d+)/m.exec(statusOf(pid))?.[1] ?? pid);
    return group === pid ? { pid, startTicks: stat.startTicks } : null;
  }
  if (!hasFolder(pid) && !(canSignal() && answersSignal(pid))) return null;
  return isThread(pid) ? null : { pid, startTicks: null };
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return '';
  }
}

function isThread(pid: number): boolean {
  return [...listedNumbers()].some((group) => group !== pid && existsSync(`/proc/${group}/task/${pid}`));
}

/** hidepid= of the mount of /proc keeps the processes of others from an ordinary user, which is no rootkit. */
function isMeantToBePrivate(look: Look): boolean {
  if (look.facts.isRoot) return false;
  const isPrivate = /^\S+ \S+ \S+ \S+ \/proc .*hidepid=(?!0|off)/m.test(readText('/proc/self/mountinfo'));
  if (isPrivate) {
    look.unknowns.push({
      scope: 'hidden-processes',
      what: 'processes of other users',
      reason: '/proc shows an ordinary user only their own (hidepid); run as root to see them all',
    });
  }
  return isPrivate;
}

async function findMountedOver(look: Look, gathered: Gathered): Promise<void> {
  let mounts: readonly MountOver[];
  try {
    mounts = readMountsOver();
  } catch {
    look.unknowns.push({
      scope: 'hidden-processes',
      what: 'mounts over processes',
      reason: '/proc/self/mountinfo could not be read',
    });
    return;
  }
  if (mounts.length === 0) return;
  const all = readMounts();
  const behind = new Map<number, ObservedProcess>();
  for (const seen of await lookBehind(look, mounts, aroundOf(look))) behind.set(seen.process.pid, seen);
  for (const { pid, point, what } of mounts) {
    const seen = behind.get(pid);
    const name = seen === undefined ? whoIsThere(pid) : `behind it is “${seen.process.name}”`;
    gathered.disagreements.push({
      about: `process ${pid}`,
      ours: `a mount (${what}) lies over ${point}; ${name}`,
      theirs: 'not visible to ps or top',
      code: 'mounted-over',
      pid,
      place: point,
    });
    if (seen === undefined) continue;
    const hidden: HiddenBy = {
      how: 'mounted-over',
      views: [],
      point,
      mounts: all.filter((mount) => new RegExp(`^/proc/${pid}(?:/|$)`).test(mount.point)),
    };
    gathered.processes = [
      ...gathered.processes.filter(({ process }) => process.pid !== pid),
      { ...seen, hidden },
    ];
    behind.delete(pid);
  }
}

function whoIsThere(pid: number): string {
  if (!canSignal()) return 'who is behind it could not be looked at';
  return answersSignal(pid)
    ? 'a process lives behind it, which could not be looked at'
    : 'nobody lives behind it any more';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
