import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/findings/finding.ts';
import { indicatorsWith } from '../../../src/findings/indicators.ts';
import type { ScanOutcome } from '../../../src/findings/scan.ts';
import { readProcess } from '../../../src/host/process-identity.ts';
import { describeCpuGap, findCpuGap } from '../../../src/host/scan/cpu-gap.ts';
import { type CpuSample, parseMachineTime } from '../../../src/host/scan/cpu-samples.ts';
import { gatherNothing } from '../../../src/host/scan/gathered.ts';
import { enumerateHidden } from '../../../src/host/scan/hidden-processes.ts';
import { parseMountsOver } from '../../../src/host/scan/mounts-over.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';
import { someFacts } from './tree.ts';

const here = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const SCAN = [process.execPath, here('scan-here.ts')];
const children: ChildProcess[] = [];
let folder = '';
let space: Namespace;

beforeAll(async () => {
  folder = mkdtempSync('/var/tmp/tourniquet-test-');
  space = await openNamespace();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await space.end();
});

async function start(path: string, args: readonly string[]): Promise<number> {
  // A session of its own, since the scheduler divides among sessions first (sched(7), autogroup).
  const child = spawn(path, args, { stdio: 'ignore', detached: true });
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return child.pid ?? 0;
}

function about(outcome: ScanOutcome, pid: number): Finding[] {
  return outcome.findings.filter(({ subject }) =>
    subject.kind === 'process'
      ? subject.process.pid === pid
      : subject.kind === 'disagreement' && subject.about === `process ${pid}`,
  );
}

describe('a mount over the folder of a process', () => {
  it.each([
    ['an empty folder', (pid: number) => `mount -t tmpfs none /proc/${pid}`],
    ['the folder of another', (pid: number) => `mount --bind /proc/${process.pid} /proc/${pid}`],
  ])('is seen, and seen through: %s', async (_name, hide) => {
    const pid = await start('/bin/sleep', ['61']);
    space.shell(hide(pid));
    const outcome: ScanOutcome = JSON.parse(space.run([...SCAN, 'processes,hidden-processes']));
    const found = about(outcome, pid);
    const hidden = found.find(({ subject }) => subject.kind === 'process');
    expect(hidden).toMatchObject({ verdict: 'malicious', title: `sleep (${pid})` });
    expect(hidden?.attack).toContain('T1564.013');
    expect(hidden?.places).toEqual([{ path: `/proc/${pid}` }]);
    expect(hidden?.subject).toMatchObject({
      process: readProcess(pid)?.identity,
      commandLine: ['/bin/sleep', '61'],
    });
    const mount = found.find(({ subject }) => subject.kind === 'disagreement');
    expect(mount).toMatchObject({ verdict: 'malicious', places: [{ path: `/proc/${pid}` }] });
    expect(mount?.related).toContain(hidden?.id);
    // The evidence is where it was.
    expect(space.run(['cat', '/proc/self/mountinfo'])).toContain(` /proc/${pid} `);
    space.shell(`umount /proc/${pid}`);
  });

  it('is told from the mounts that containers have over /proc', () => {
    const line = (point: string) => `30 22 0:21 /proc ${point} rw - tmpfs tmpfs rw`;
    const text = ['/proc/sys', '/proc/acpi', '/proc/irq/4', '/proc/1234', '/proc/77/stat', '/proc/7x'].map(
      line,
    );
    expect(parseMountsOver(text.join('\n')).map(({ pid, point }) => [pid, point])).toEqual([
      [1234, '/proc/1234'],
      [77, '/proc/77/stat'],
    ]);
    expect(parseMountsOver('\n\ngarbage\n- -')).toEqual([]);
  });
});

describe('a process left out of listings', () => {
  it('is found by its number and by its control group, with all that is known of it', async () => {
    const library = join(folder, 'hide.so');
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, here('hide-process.c'), '-ldl']);
    const pid = await start('/bin/sleep', ['62']);
    const environment = { ...process.env, LD_PRELOAD: library, HIDE_PID: String(pid) };
    const [node = '', ...args] = SCAN;
    const answer = execFileSync(node, [...args, 'processes,hidden-processes'], { env: environment });
    const [finding, ...others] = about(JSON.parse(answer.toString()), pid);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ verdict: 'malicious', subject: { process: readProcess(pid)?.identity } });
    expect(finding?.reasons[0]).toMatchObject({ code: 'hidden-process' });
    expect(finding?.attack).toContain('T1014');
  });

  it('is not seen where there is none: threads, short-lived and dead ones are no hidden processes', async () => {
    const churn = 'for (;;) require("node:child_process").spawnSync("/bin/true")';
    await start(process.execPath, ['-e', churn]);
    await start(process.execPath, [
      '-e',
      'for (let i = 0; i < 4; i++) new (require("node:worker_threads").Worker)("setInterval(() => {}, 1000)", { eval: true })',
    ]);
    const gathered = gatherNothing();
    const look = { root: '', facts: someFacts(), request: { scopes: [], sampleMs: 0 }, signal: undefined };
    const tried = await enumerateHidden(
      { ...look, unknowns: [], accounts: [], indicators: indicatorsWith() },
      gathered,
    );
    expect(tried).toBeGreaterThan(1000);
    expect(gathered.processes).toEqual([]);
    expect(gathered.disagreements).toEqual([]);
  });
});

describe('CPU time that nobody accounts for', () => {
  const sample = (atMs: number, accountedTicks: number, busyTicks: number, forks = 0): CpuSample => ({
    atMs,
    accountedTicks,
    ticks: new Map(),
    machine: { busyTicks, forks },
    upSeconds: null,
  });

  it.each([
    ['two cores hidden', sample(1000, 20, 220), { busyCores: 2.2, accountedCores: 0.2 }],
    ['all accounted for', sample(1000, 195, 200), null],
    ['half a core, within a second', sample(1000, 100, 150), { busyCores: 1.5, accountedCores: 1 }],
    ['half a core, by hundreds that nobody waited for', sample(1000, 100, 150, 200), null],
    ['a tenth of a busy machine', sample(1000, 1800, 1900), null],
    ['too short to say', sample(100, 0, 10), null],
  ])('%s', (_name, second, gap) => {
    expect(findCpuGap(sample(0, 0, 0), second)).toEqual(gap);
  });

  it('is told with both figures', () => {
    const { ours, theirs } = describeCpuGap({ busyCores: 2.2, accountedCores: 0.2 });
    expect(`${ours} ${theirs}`).toMatch(/0\.20 cores.*2\.20 cores/);
  });

  it('reads user, nice and system time, and forks', () => {
    expect(parseMachineTime('cpu  10 20 30 40 50\ncpu0 1 1 1 1\nprocesses 77\n')).toEqual({
      busyTicks: 60,
      forks: 77,
    });
    expect(parseMachineTime('')).toBeNull();
  });

  it('shows when a process that computes is hidden, and not before', { timeout: 90_000 }, async () => {
    const busy = () => start('/bin/sh', ['-c', 'while :; do :; done']);
    const pids = [await busy(), await busy(), await busy()];
    // However busy the machine is otherwise, they get their share: sessions are weighed by this (sched(7), autogroup).
    for (const pid of pids)
      if (existsSync(`/proc/${pid}/autogroup`)) writeFileSync(`/proc/${pid}/autogroup`, '-5');
      else setPriority(pid, -5);
    const gap = () => JSON.parse(space.run([process.execPath, here('cpu-gap-here.ts')]));
    // Of others that start and end meanwhile a moment may tell either way, which is why a scan asks twice.
    const within = { timeout: 30_000, interval: 1 };
    await expect.poll(gap, within).toBeNull();
    space.shell(pids.map((pid) => `mount -t tmpfs none /proc/${pid}`).join('\n'));
    await expect
      .poll(gap, within)
      .toMatchObject({ busyCores: expect.any(Number), accountedCores: expect.any(Number) });
    space.shell(`umount ${pids.map((pid) => `/proc/${pid}`).join(' ')}`);
  });
});
