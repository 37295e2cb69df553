import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { PtyProgram } from '../support/pty.ts';

/** Nothing more comes after a key once nothing has come for so long. */
const QUIET_MS = 50;
/** Nothing comes at all. */
const NO_ANSWER_MS = 1500;

export interface KeyCost {
  readonly bytes: number;
  /** From the key to the last byte of what answers it. */
  readonly tookMs: number;
  /** Processor time of the program meanwhile, which does not depend on what else runs. */
  readonly cpuMs: number;
}

/** Presses it and waits until its answer is whole. */
export async function pressed(running: PtyProgram, key: string): Promise<KeyCost> {
  const before = running.bytes();
  const cpuBefore = cpuMs(running.pid);
  const start = performance.now();
  running.press(key);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 5));
    const now = performance.now();
    const hasAnswered = running.bytes() > before;
    if (hasAnswered ? now - running.lastByteAt() > QUIET_MS : now - start > NO_ANSWER_MS) break;
  }
  const bytes = running.bytes() - before;
  const tookMs = bytes === 0 ? Number.NaN : running.lastByteAt() - start;
  return { bytes, tookMs, cpuMs: cpuMs(running.pid) - cpuBefore };
}

/** No byte for so long that the program has drawn what it had to draw. */
export async function settled(running: PtyProgram, forMs = 250): Promise<void> {
  let seen = -1;
  while (seen !== running.bytes()) {
    seen = running.bytes();
    await new Promise((resolve) => setTimeout(resolve, forMs));
  }
}

/** The value that this share of them does not exceed; of those that are numbers. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** CPU time of all threads so far, from the scheduler: it does not count waiting for others on a busy machine. */
export function cpuMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const [ran = '0'] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(ran) / 1e6;
  }, 0);
}

export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

export async function end(running: PtyProgram): Promise<void> {
  running.stall(false);
  running.kill('SIGKILL');
  await running.waitExit();
}
