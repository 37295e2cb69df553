import { readdirSync, readFileSync } from 'node:fs';
import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import { TICKS_PER_SECOND } from './proc-stat.ts';
import { statOf } from './processes.ts';

export interface CpuSample {
  readonly atMs: number;
  /** CPU time so far, by "pid start". */
  readonly ticks: ReadonlyMap<string, number>;
  /** Of all processes together, with that of their ended children. */
  readonly accountedTicks: number;
  readonly machine: MachineTime | null;
  /** Since boot, by the clock that processes' start times are counted with; null if it cannot be read. */
  readonly upSeconds: number | null;
}

export interface MachineTime {
  /** What the kernel has spent on processes: user, nice and system time of /proc/stat (proc_stat(5)). */
  readonly busyTicks: number;
  /** Processes started since boot. */
  readonly forks: number;
}

/**
 * CPU time so far of every process, and of the machine. The first sample reads the machine last, the second reads
 * it first: so the time of the machine lies within that of the processes, and a difference is never an artefact.
 */
export function sampleCpu(look: Pick<Look, 'root'>, nowMs: number, order: 'first' | 'second'): CpuSample {
  const before = order === 'second' ? readMachineTime(look) : null;
  const ticks = new Map<string, number>();
  let accountedTicks = 0;
  const proc = `${look.root}/proc`;
  for (const name of readdirSync(proc)) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(`${proc}/${name}`);
    if (stat === null) continue;
    ticks.set(`${name} ${stat.startTicks}`, stat.cpuTicks);
    accountedTicks += stat.cpuTicks + stat.childTicks;
  }
  const machine = before ?? readMachineTime(look);
  return { atMs: nowMs, ticks, accountedTicks, machine, upSeconds: readUpSeconds(look) };
}

/** Whoever has only just started has done little but start. */
const LEAST_AGE_SECONDS = 0.5;

/** Percent of one core between two samples, into the processes gathered. */
export function applyCpu(gathered: Gathered, first: CpuSample, second: CpuSample): void {
  const seconds = (second.atMs - first.atMs) / 1000;
  if (seconds <= 0) return;
  gathered.processes = gathered.processes.map((seen) => {
    const { pid, startTicks } = seen.process;
    const key = `${pid} ${startTicks}`;
    const before = first.ticks.get(key);
    const after = second.ticks.get(key);
    if (after === undefined) return seen;
    if (before !== undefined) return { ...seen, cpuPercent: percent(after - before, seconds) };
    // Started since: what it has used is all that it has ever used.
    const age = second.upSeconds === null ? 0 : second.upSeconds - Number(startTicks) / TICKS_PER_SECOND;
    return age < LEAST_AGE_SECONDS ? seen : { ...seen, cpuPercent: percent(after, age) };
  });
}

function percent(ticks: number, seconds: number): number {
  return Math.max(0, Math.round((ticks / TICKS_PER_SECOND / seconds) * 1000) / 10);
}

export function readMachineTime(look: Pick<Look, 'root'>): MachineTime | null {
  try {
    return parseMachineTime(readFileSync(`${look.root}/proc/stat`, 'latin1'));
  } catch {
    return null;
  }
}

/** The first figure of /proc/uptime (proc_uptime(5)). */
function readUpSeconds(look: Pick<Look, 'root'>): number | null {
  try {
    return Number.parseFloat(readFileSync(`${look.root}/proc/uptime`, 'latin1')) || null;
  } catch {
    return null;
  }
}

/** Interrupts and stolen time belong to no process and are left out; guests are within user time already. */
export function parseMachineTime(text: string): MachineTime | null {
  const [user, nice, system] = (/^cpu +(\d+) (\d+) (\d+)/m.exec(text) ?? []).slice(1).map(Number);
  const forks = /^processes (\d+)$/m.exec(text)?.[1];
  if (user === undefined || nice === undefined || system === undefined || forks === undefined) return null;
  return { busyTicks: user + nice + system, forks: Number(forks) };
}
