/** The views of which process numbers are in use. Each can be lied to in another way. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Look } from './look.ts';

/** Numbers that a listing of /proc gives: what ps and top go by. */
export function listedNumbers(): Set<number> {
  return new Set(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
  );
}

export interface Tried {
  /** Numbers that answer, threads among them. */
  readonly there: ReadonlySet<number>;
  readonly tried: number;
  readonly total: number;
}

const BATCH = 2_048;

/**
 * Tries every number up to pid_max (proc_sys_kernel(5)), by a signal that is never sent and by its folder in
 * /proc, in batches so that others come to their turn. Those in use first: numbers are given out upwards.
 */
export async function tryNumbers(look: Look, budgetMs: number): Promise<Tried> {
  const most = readNumber('/proc/sys/kernel/pid_max') ?? 32_768;
  const last = Number(readText('/proc/loadavg').trim().split(' ').at(-1)) || 0;
  const there = new Set<number>();
  const views = [...(canSignal() ? [answersSignal] : []), hasFolder];
  const until = performance.now() + budgetMs;
  let tried = 0;
  const ranges = [
    [1, Math.min(most, Math.max(last, 32_768))],
    [Math.min(most, Math.max(last, 32_768)) + 1, most],
  ] as const;
  for (const [from, to] of ranges) {
    for (let start = from; start <= to; start += BATCH) {
      if (performance.now() > until || look.signal?.aborted) return { there, tried, total: most };
      const end = Math.min(start + BATCH - 1, to);
      for (const view of views) tryBatch(start, end, view, there);
      tried += end - start + 1;
      await breathe();
    }
  }
  return { there, tried, total: most };
}

function tryBatch(start: number, end: number, view: (pid: number) => boolean, there: Set<number>): void {
  const { stackTraceLimit } = Error;
  // Nearly every number answers with an error, whose stack would cost more than the system call.
  Error.stackTraceLimit = 0;
  try {
    for (let pid = start; pid <= end; pid += 1) if (!there.has(pid) && view(pid)) there.add(pid);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** EPERM: there is one, and it is not ours (kill(2)). */
export function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function hasFolder(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** Signals go by our own pid namespace; a /proc of another one numbers differently. */
export function canSignal(): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid);
  } catch {
    return false;
  }
}

const MOST_GROUPS = 5_000;

/** Processes by the kernel's control groups (cgroups(7)), from every hierarchy that lists all of them. */
export function groupedNumbers(): Set<number> {
  const out = new Set<number>();
  const folders = groupRoots();
  for (let at = 0; at < folders.length && at < MOST_GROUPS; at += 1) {
    const folder = folders[at] ?? '';
    // 0 stands for a process of an outer pid namespace.
    for (const line of readText(`${folder}/cgroup.procs`).split('\n'))
      if (Number(line) > 0) out.add(Number(line));
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true }))
        if (entry.isDirectory()) folders.push(`${folder}/${entry.name}`);
    } catch {
      // It has just been removed, or may not be listed.
    }
  }
  return out;
}

/** Of version 1 one hierarchy is enough, each holds every process. */
function groupRoots(): string[] {
  const lines = readText('/proc/self/mountinfo').split('\n');
  const points = (type: string, option: string): string[] =>
    lines
      .filter((line) => line.includes(` - ${type} `) && line.includes(option))
      .map((line) => line.split(' ')[4] ?? '');
  const unified = points('cgroup2', '');
  const first = points('cgroup', 'pids')[0] ?? points('cgroup', 'name=systemd')[0] ?? points('cgroup', '')[0];
  return [...unified, ...(first === undefined ? [] : [first])];
}

function readNumber(path: string): number | null {
  return Number(readText(path).trim()) || null;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
