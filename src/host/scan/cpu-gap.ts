import { readlinkSync } from 'node:fs';
import type { ObservedDisagreement } from '../../findings/observation.ts';
import type { CpuSample } from './cpu-samples.ts';
import { TICKS_PER_SECOND } from './proc-stat.ts';

/** A gap counts from this share of one core on … */
const LEAST_CORES = 0.15;
/** … and from this share of all that was spent, since ticks are counted in two ways. */
const LEAST_SHARE = 0.1;
/** What a process that nobody waited for takes with it, by experience: most were waited for. */
const TICKS_A_FORK = 0.2;

export interface CpuGap {
  /** Cores busy by /proc/stat. */
  readonly busyCores: number;
  /** Cores that visible processes account for. */
  readonly accountedCores: number;
}

/**
 * CPU time that no visible process accounts for, between two samples; null if there is none worth a word.
 * The time of a process that ends passes to its parent when it is waited for (times(2)), so short-lived ones do
 * not open a gap; those whose parent ignores their end are allowed for by the number of processes started.
 */
export function findCpuGap(first: CpuSample, second: CpuSample): CpuGap | null {
  const seconds = (second.atMs - first.atMs) / 1000;
  if (first.machine === null || second.machine === null || seconds <= 0) return null;
  const busy = second.machine.busyTicks - first.machine.busyTicks;
  const accounted = second.accountedTicks - first.accountedTicks;
  const forks = second.machine.forks - first.machine.forks;
  const gap = busy - accounted - forks * TICKS_A_FORK;
  const least = Math.max(LEAST_CORES * TICKS_PER_SECOND * seconds, LEAST_SHARE * busy, 20);
  if (gap < least) return null;
  const cores = (ticks: number): number => Math.round((ticks / TICKS_PER_SECOND / seconds) * 100) / 100;
  return { busyCores: cores(busy), accountedCores: cores(Math.max(0, accounted)) };
}

export function describeCpuGap({ busyCores, accountedCores }: CpuGap): ObservedDisagreement {
  return {
    about: 'CPU time that no visible process accounts for',
    ours: `all visible processes together keep ${accountedCores.toFixed(2)} cores busy`,
    theirs: `the kernel says ${busyCores.toFixed(2)} cores are busy (/proc/stat)`,
    code: 'cpu-gap',
    pid: null,
  };
}

/** The first pid namespace has this inode on every kernel (PROC_PID_INIT_INO, include/linux/proc_ns.h). */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

/** In a container /proc/stat still speaks of the whole machine, while /proc shows only what is inside. */
export function seesWholeMachine(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === FIRST_PID_NAMESPACE;
  } catch {
    return false;
  }
}
