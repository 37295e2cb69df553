import { describe, expect, it } from 'vitest';
import { loadSignals } from '../../../src/findings/load-signals.ts';
import { readProcess } from '../../../src/host/process-identity.ts';
import { applyCpu, type CpuSample } from '../../../src/host/scan/cpu-samples.ts';
import { type CpuMemory, finishCpu, firstSample } from '../../../src/host/scan/cpu-use.ts';
import { gatherNothing } from '../../../src/host/scan/gathered.ts';
import type { Look } from '../../../src/host/scan/look.ts';
import { parseOwnMemory, readOwnMemory } from '../../../src/host/scan/own-memory.ts';
import { scanHost } from '../../../src/host/scan/scan-host.ts';
import { someFacts } from './tree.ts';

const LOOK = { root: '', request: { scopes: ['processes'], sampleMs: 200 } } as unknown as Look;

describe('a look that follows another', () => {
  it('begins where the other has ended, and need not wait', async () => {
    const cpuMemory: CpuMemory = { last: null };
    const look = () =>
      scanHost({ scopes: ['processes'], sampleMs: 1_500 }, { facts: someFacts(), cpuMemory });
    await look();
    const kept = cpuMemory.last;
    expect(kept?.machine).not.toBeNull();
    // As if the look before had ended a good while ago: all the time that is to lie between has passed.
    if (kept !== null) cpuMemory.last = { ...kept, atMs: kept.atMs - 2_000 };
    expect((await look()).waitedMs).toBe(0);
    expect(cpuMemory.last).not.toBe(kept);
  });

  it('takes a new sample where the old one would only give an average', () => {
    const old: CpuSample = {
      atMs: performance.now() - 60_000,
      ticks: new Map(),
      accountedTicks: 0,
      machine: null,
      upSeconds: 1,
    };
    expect(firstSample(LOOK, { last: old })).not.toBe(old);
    const fresh = { ...old, atMs: performance.now() - 1_000 };
    expect(firstSample(LOOK, { last: fresh })).toBe(fresh);
    expect(firstSample(LOOK, undefined).ticks.size).toBeGreaterThan(0);
  });

  it('waits for what is left of the time', async () => {
    const memory: CpuMemory = { last: null };
    const first = firstSample(LOOK, memory);
    const waitedMs = await finishCpu(LOOK, gatherNothing(), first, memory);
    expect(performance.now() - first.atMs).toBeGreaterThanOrEqual(199);
    expect(waitedMs).toBeLessThanOrEqual(200);
  });
});

describe('a process that was started between the samples', () => {
  const process = readProcess(globalThis.process.pid)?.identity;
  const key = `${process?.pid} ${process?.startTicks}`;
  const sample = (atMs: number, ticks: ReadonlyMap<string, number>, upSeconds: number): CpuSample => ({
    ...{ atMs, ticks, accountedTicks: 0, machine: null },
    upSeconds,
  });
  const percentAt = (ageSeconds: number): number | null | undefined => {
    const gathered = gatherNothing();
    const startedAt = Number(process?.startTicks) / 100;
    gathered.processes = [{ process, cpuPercent: null } as (typeof gathered.processes)[number]];
    const second = sample(10_000, new Map([[key, 150]]), startedAt + ageSeconds);
    applyCpu(gathered, sample(0, new Map(), startedAt - 1), second);
    return gathered.processes[0]?.cpuPercent;
  };

  it('is told by all that it has used since', () => expect(percentAt(3)).toBe(50));
  it('is not judged by its first moment', () => expect(percentAt(0.2)).toBeNull());
});

describe('the memory of what computes', () => {
  const status = (anonymous: number, huge: number): string =>
    `Name:\tx\nVmRSS:\t${anonymous + 9} kB\nRssAnon:\t  ${anonymous} kB\nHugetlbPages:\t   ${huge} kB\n`;
  const codes = (cpuPercent: number, text: string): string[] =>
    loadSignals({ cpuPercent, ownMemoryMiB: parseOwnMemory(text) }).map(({ code }) => code);

  it('is as much as RandomX takes, in huge pages or without, and says little by itself', () => {
    expect(codes(95, status(40_000, 2_336 * 1024))).toEqual(['busy', 'randomx-memory']);
    expect(codes(400, status(2_344 * 1024, 0))).toEqual(['busy', 'randomx-memory']);
    const weights = loadSignals({ cpuPercent: 95, ownMemoryMiB: 2_336 }).map(({ weight }) => weight);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThan(SUSPICIOUS);
  });

  it('says nothing of a database that waits, and of what has less or more', () => {
    expect(codes(3, status(2_344 * 1024, 0))).toEqual([]);
    expect(codes(95, status(900 * 1024, 0))).toEqual(['busy']);
    expect(codes(95, status(8_000 * 1024, 0))).toEqual(['busy']);
  });

  it('is read of those alone', () => {
    const gathered = gatherNothing();
    const one = (cpuPercent: number | null) =>
      ({ process: { pid: globalThis.process.pid }, cpuPercent }) as (typeof gathered.processes)[number];
    gathered.processes = [one(90), one(2), one(null)];
    readOwnMemory(LOOK, gathered);
    const [busy, ...idle] = gathered.processes.map(({ ownMemoryMiB }) => ownMemoryMiB);
    expect(busy).toBeGreaterThan(1);
    expect(idle).toEqual([undefined, undefined]);
  });
});

/** What a verdict of suspicious takes (weigh.ts). */
const SUSPICIOUS = 40;
