import { setTimeout as wait } from 'node:timers/promises';
import { describeCpuGap, findCpuGap, seesWholeMachine } from './cpu-gap.ts';
import { applyCpu, type CpuSample, readMachineTime, sampleCpu } from './cpu-samples.ts';
import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import { readOwnMemory } from './own-memory.ts';

/** The last sample of a host that is looked at again and again: the next look begins where it ended, and need not wait. */
export interface CpuMemory {
  last: CpuSample | null;
}

/** An older one would say what a process did on an average, not what it does. */
const OLDEST_MS = 15_000;

/** The sample that the look begins with: the one that the look before has ended with, or a new one. */
export function firstSample(look: Look, memory: CpuMemory | undefined): CpuSample {
  const nowMs = performance.now();
  const last = memory?.last ?? null;
  return last !== null && nowMs - last.atMs <= OLDEST_MS ? last : sampleCpu(look, nowMs, 'first');
}

/** Takes the second sample, and puts into what was gathered who computes. Returns how long it had to wait for that, ms. */
export async function finishCpu(
  look: Look,
  gathered: Gathered,
  first: CpuSample,
  memory: CpuMemory | undefined,
): Promise<number> {
  const waitedMs = await waitUntil(look, first.atMs + look.request.sampleMs);
  const second = sampleCpu(look, performance.now(), 'second');
  // As the first of the next look it must have read the machine last.
  if (memory !== undefined) memory.last = { ...second, machine: readMachineTime(look) };
  applyCpu(gathered, first, second);
  readOwnMemory(look, gathered);
  if (!look.request.scopes.includes('hidden-processes') || look.root !== '') return waitedMs;
  return waitedMs + (await compareCpu(look, gathered, first, second));
}

/** A gap counts if it is there twice: one moment may have been an odd one. */
async function compareCpu(
  look: Look,
  gathered: Gathered,
  first: CpuSample,
  second: CpuSample,
): Promise<number> {
  if (!seesWholeMachine()) {
    look.unknowns.push({
      scope: 'hidden-processes',
      what: 'CPU time that no process accounts for',
      reason: 'in a container the kernel tells only what the whole machine is busy with',
    });
    return 0;
  }
  if (findCpuGap(first, second) === null) return 0;
  const third = sampleCpu(look, performance.now(), 'first');
  const waitedMs = await waitUntil(look, third.atMs + look.request.sampleMs);
  const gap = findCpuGap(third, sampleCpu(look, performance.now(), 'second'));
  if (gap !== null) gathered.disagreements.push(describeCpuGap(gap));
  return waitedMs;
}

async function waitUntil(look: Look, untilMs: number): Promise<number> {
  const left = untilMs - performance.now();
  if (left <= 0) return 0;
  await wait(left, undefined, look.signal ? { signal: look.signal } : {}).catch(() => {});
  return left;
}
