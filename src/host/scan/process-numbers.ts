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
  /** All that can be in use. */
  readonly total: number;
}

const BATCH = 2_048;

/** There are this many on every host; that a number is tried costs some 4 µs. */
const ALWAYS_TRIED = 32_768;

/**
 * Tries every number that can be in use, by a signal that is never sent and by its folder in /proc, in batches so
 * that others come to their turn. Numbers are given out upwards to pid_max (proc_sys_kernel(5)), then from the
 * start again: until they have come round, none lies above the last one (the kernel's alloc_pid, kernel/pid.c), and
 * the millions above it are not tried for nothing.
 */
export async function tryNumbers(look: Look, budgetMs: number): Promise<Tried> {
  const most = readNumber('/proc/sys/kernel/pid_max') ?? 32_768;
  const last = Number(readText('/proc/loadavg').trim().split(' ').at(-1)) || 0;
  const there = new Set<number>();
  const views = [...(canSignal() ? [answersSignal] : []), hasFolder];
  const total = hasComeRound(most) ? most : Math.min(most, Math.max(last, ALWAYS_TRIED));
  let tried = 0;
  let spentMs = 0;
  for (let start = 1; start <= total; start += BATCH) {
    if (spentMs > budgetMs || look.signal?.aborted) break;
    const end = Math.min(start + BATCH - 1, total);
    const begunMs = performance.now();
    for (const view of views) tryBatch(start, end, view, there);
    // What the rest of the scan does while we give way is not ours.
    spentMs += performance.now() - begunMs;
    tried = end;
    await breathe();
  }
  return { there, tried, total };
}

/** Whether as many processes were started since boot as there are numbers. */
function hasComeRound(most: number): boolean {
  return Number(/^processes (\d+)$/m.exec(readText('/proc/stat'))?.[1] ?? Number.POSITIVE_INFINITY) >= most;
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
