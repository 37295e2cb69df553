import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/findings/finding.ts';
import { indicatorsWith } from '../../../src/findings/indicators.ts';
import { isMinerConfig, readMiningText } from '../../../src/findings/mining-text.ts';
import { suspectsOf, traceSignals } from '../../../src/findings/trace-signals.ts';
import { weigh } from '../../../src/findings/weigh.ts';
import { gatherNothing } from '../../../src/host/scan/gathered.ts';
import { dataRanges, readMemory } from '../../../src/host/scan/process-memory.ts';
import { enumerateProcesses } from '../../../src/host/scan/processes.ts';
import { inspectSuspects } from '../../../src/host/scan/suspects.ts';
import { someFacts } from './tree.ts';

const WALLET = `4A${'DRiLLNotAReaLWaLLet'.padEnd(93, '7')}`;
const LOGIN = `{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"${WALLET}","pass":"x","agent":"XMRig/6.21.0"}}`;
const CONFIG = JSON.stringify({
  'donate-level': 1,
  randomx: { mode: 'auto' },
  pools: [{ url: '203.0.113.9:3333', user: WALLET, 'rig-id': 'a' }],
});
const children: ChildProcess[] = [];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync('/var/tmp/tourniquet-test-');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A little program that keeps a line in its memory and waits. Resolves when it has read it. */
async function holdInMemory(path: string, text: string, workingFolder = '/'): Promise<number> {
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync('/bin/sh', path);
  chmodSync(path, 0o755);
  const child = spawn(path, ['-c', 'read -r held; echo ready; read -r more'], {
    cwd: workingFolder,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  children.push(child);
  child.stdin?.write(`${text}\n`);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child.pid ?? 0;
}

/** A closer look at this one alone. */
async function inspect(pid: number) {
  const look = { root: '', facts: someFacts(), request: { scopes: [], sampleMs: 0 }, signal: undefined };
  const gathered = gatherNothing();
  enumerateProcesses({ ...look, unknowns: [], accounts: [], indicators: indicatorsWith() }, gathered);
  await inspectSuspects({ ...look, unknowns: [], accounts: [], indicators: indicatorsWith() }, gathered, [
    pid,
  ]);
  return { seen: gathered.processes.find(({ process }) => process.pid === pid) };
}

async function tracesOf(pid: number): Promise<string[]> {
  const { seen } = await inspect(pid);
  return (seen?.traces ?? []).map(({ kind, place }) => `${kind} ${place}`);
}

describe('the memory of a suspect', () => {
  it('gives a miner away that says nothing of itself, with the place', async () => {
    const pid = await holdInMemory(join(folder, '.a/worker'), LOGIN);
    const { seen } = await inspect(pid);
    expect(seen?.traces?.map(({ kind, place }) => [kind, place])).toEqual([
      ['stratum-message', `/proc/${pid}/mem`],
      ['wallet', `/proc/${pid}/mem`],
    ]);
    if (seen === undefined) throw new Error('the process was not seen');
    const signals = traceSignals(seen, undefined);
    expect(weigh(signals).verdict).toBe('malicious');
    expect(JSON.stringify(signals)).not.toContain(WALLET);
  });

  it('is not held against one that holds other text, nor read where nothing speaks against it', async () => {
    const pid = await holdInMemory(join(folder, '.b/worker'), '{"method":"login","params":{"user":"ann"}}');
    expect(await tracesOf(pid)).toEqual([]);
    const subject = (exePath: string) => ({
      kind: 'process' as const,
      process: { pid, startTicks: '1', bootId: '', exePath, exeInode: null, name: 'x' },
      ...{
        parentPid: 1,
        uid: 0,
        commandLine: [],
        workingFolder: null,
        cgroup: null,
        cpuPercent: null,
        sessionId: 1,
      },
    });
    const finding = (exePath: string, code: string, weight: number): Finding => ({
      ...{
        id: 'process:1',
        title: 'x',
        verdict: 'suspicious',
        score: 50,
        places: [],
        attack: [],
        times: null,
      },
      ...{ owner: null, related: [], subject: subject(exePath), reasons: [{ code, text: '', weight }] },
    });
    expect(suspectsOf([finding('/opt/x', 'busy', 15)])).toEqual([pid]);
    expect(suspectsOf([finding('/opt/x', 'unowned', 5)])).toEqual([]);
    // What somebody typed who looks for a miner is in the memory of the shell.
    expect(suspectsOf([finding('/usr/bin/bash', 'busy', 15)])).toEqual([]);
    expect(suspectsOf([finding('/opt/x', 'responder', -100)])).toEqual([]);
  });

  it('is read within bounds, heap first and large pieces last', async () => {
    const pid = await holdInMemory(join(folder, '.c/worker'), LOGIN);
    const pieces = [...readMemory(pid, 4096)];
    expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBeLessThanOrEqual(4096);
    const maps = [
      '7f00000000-7f10000000 rw-p 00000000 00:00 0 ',
      '7f20000000-7f20001000 rw-p 00000000 00:00 0 [anon:glibc]',
      '55d000000000-55d000021000 rw-p 00000000 00:00 0                          [heap]',
      '7f30000000-7f30001000 rw-p 00000000 fe:00 1234 /usr/lib/libc.so.6',
      '7ffc000000-7ffc021000 rw-p 00000000 00:00 0 [stack]',
      '7f40000000-7f40001000 r--p 00000000 00:00 0 ',
      'garbage',
    ].join('\n');
    expect(dataRanges(maps).map(({ start }) => start.toString(16))).toEqual([
      '55d000000000',
      '7f20000000',
      '7f00000000',
    ]);
  });
});

describe('the configuration of a miner', () => {
  it('beside a program gives it away', async () => {
    const path = join(folder, '.d/worker');
    mkdirSync(dirname(path));
    writeFileSync(join(folder, '.d/config.json'), CONFIG);
    const config = join(folder, '.d/config.json');
    expect(await tracesOf(await holdInMemory(path, 'nothing'))).toEqual([`miner-config ${config}`]);
    const near = await holdInMemory(join(folder, '.e/worker'), 'nothing', join(folder, '.d'));
    expect(await tracesOf(near)).toEqual([`miner-config-near ${config}`]);
  });

  it('is told from other configurations', () => {
    expect(isMinerConfig(CONFIG)).toBe(true);
    expect(isMinerConfig('{"pools": [{"url": "postgres://db/app"}], "huge-pages": true}')).toBe(false);
    expect(isMinerConfig('{"donate-level": 1, "randomx": {}}')).toBe(false);
  });
});

describe('text of mining', () => {
  it.each([
    ['a login to a Monero pool', LOGIN, ['stratum-message', 'wallet']],
    ['a subscription', '{"id":1,"method":"mining.subscribe","params":["x/1"]}', ['stratum-message']],
    ['a job', `{"blob":"${'0a'.repeat(76)}","job_id":"7","target":"b88d0600"}`, ['stratum-message']],
    ['the address of a pool', 'stratum+ssl://pool.supportxmr.com:443', ['stratum-url', 'pool-name']],
    ['a word of the protocol in a manual', 'the miner calls mining.subscribe, then "job_id" comes back', []],
    ['a scheme without an address', 'grep stratum+tcp:// /srv', []],
    ['a login of something else', '{"method":"login","params":{"user":"ann","password":"x"}}', []],
    ['nothing', '', []],
  ])('%s', (_name, text, kinds) => {
    expect(readMiningText(`\0\x01${text}\0`, indicatorsWith()).map(({ kind }) => kind)).toEqual(kinds);
  });
});
