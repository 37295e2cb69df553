import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/findings/finding.ts';
import { indicatorsWith } from '../../../src/findings/indicators.ts';
import { SCAN_SCOPES, type ScanOutcome, type ScanScope } from '../../../src/findings/scan.ts';
import { readProcess } from '../../../src/host/process-identity.ts';
import { enumerateConnections } from '../../../src/host/scan/connections.ts';
import { gatherNothing } from '../../../src/host/scan/gathered.ts';
import type { Look } from '../../../src/host/scan/look.ts';
import { enumerateProcesses } from '../../../src/host/scan/processes.ts';
import { scanHost } from '../../../src/host/scan/scan-host.ts';
import { someFacts } from './tree.ts';

const WALLET = `4A${'DRiLLNotAReaLWaLLet'.padEnd(93, '7')}`;
const PROCESSES: readonly ScanScope[] = ['processes', 'connections', 'dropped-files'];
const children: ChildProcess[] = [];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync('/var/tmp/tourniquet-test-');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program of the host under another name; resolves when it runs. */
async function start(
  path: string,
  args: readonly string[],
  options: { argv0?: string; copyOf?: string } = {},
): Promise<ChildProcess> {
  if (options.copyOf !== undefined) {
    mkdirSync(join(path, '..'), { recursive: true });
    copyFileSync(options.copyOf, path);
    chmodSync(path, 0o755);
  }
  const child = spawn(path, args, {
    stdio: 'ignore',
    ...(options.argv0 === undefined ? {} : { argv0: options.argv0 }),
  });
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return child;
}

async function scan(scopes = PROCESSES, sampleMs = 0): Promise<ScanOutcome> {
  return scanHost({ scopes, sampleMs }, { facts: someFacts({ packageManager: 'apt' }) });
}

function ofProcess(outcome: ScanOutcome, child: ChildProcess): Finding | undefined {
  return outcome.findings.find(
    ({ subject }) => subject.kind === 'process' && subject.process.pid === child.pid,
  );
}

describe('processes of this machine', () => {
  it('blames a copy of sleep under a miner’s name with a miner’s arguments, and gives its program', async () => {
    const program = join(folder, '.x/kdevtmpfsi');
    const child = await start(
      program,
      ['-c', 'sleep 60; :', '-o', 'stratum+tcp://203.0.113.9:3333', '-u', WALLET],
      { copyOf: '/bin/sh' },
    );
    const outcome = await scan();
    const finding = ofProcess(outcome, child);
    expect(finding).toMatchObject({ verdict: 'malicious', score: 100 });
    expect(finding?.attack).toContain('T1496.001');
    const identity = finding?.subject.kind === 'process' ? finding.subject.process : undefined;
    expect(identity).toEqual(readProcess(child.pid ?? 0)?.identity);
    const file = outcome.findings.find(({ title }) => title === program);
    expect(file).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file', role: 'dropped-executable' },
    });
    expect(finding?.related).toContain(file?.id);
    const pool = outcome.findings.find(
      ({ subject }) => subject.kind === 'connection' && subject.remoteAddress === '203.0.113.9',
    );
    expect(pool?.verdict).toBe('malicious');
    expect(pool?.related).toContain(finding?.id);
  });

  it('sees through the name of a kernel thread, and blames no real one', async () => {
    const child = await start(join(folder, 'plain/helper'), ['60'], {
      copyOf: '/bin/sleep',
      argv0: '[kworker/0:1]',
    });
    const outcome = await scan();
    const finding = ofProcess(outcome, child);
    expect(finding?.reasons.map(({ code }) => code)).toContain('pretends-kernel-thread');
    expect(['suspicious', 'malicious']).toContain(finding?.verdict);
    for (const { subject } of outcome.findings)
      if (subject.kind === 'process') expect(readProcess(subject.process.pid)?.isKernelThread).not.toBe(true);
  });

  it('says that a program was deleted after its start, in a hidden folder', async () => {
    const path = join(folder, '.y/worker');
    const child = await start(path, ['60'], { copyOf: '/bin/sleep' });
    rmSync(path);
    const finding = ofProcess(await scan(), child);
    expect(finding?.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['deleted-executable', 'hidden-path']),
    );
    expect(finding?.subject).toMatchObject({ process: { exePath: `${path} (deleted)` } });
    expect(finding?.attack).toContain('T1070.004');
  });

  it('does not take a file that is really called “x (deleted)” for a deleted one', async () => {
    const child = await start(join(folder, 'tool (deleted)'), ['60'], { copyOf: '/bin/sleep' });
    expect(ofProcess(await scan(), child)?.reasons.map(({ code }) => code) ?? []).not.toContain(
      'deleted-executable',
    );
  });

  it('measures load by two samples, and blames nobody for it', async () => {
    const child = await start('/bin/sh', ['-c', 'while :; do :; done']);
    const finding = ofProcess(await scan(PROCESSES, 400), child);
    if (finding !== undefined) expect(finding.verdict).toBe('benign');
    const outcome = await scan(PROCESSES, 0);
    expect(ofProcess(outcome, child)).toBeUndefined();
  });

  it('lets whoever merely looks for a miner alone', async () => {
    const child = await start('/usr/bin/tail', [
      '-f',
      '/dev/null',
      '--pid',
      String(process.pid),
      '-s',
      '60',
      'stratum+tcp://pool:3333',
    ]);
    const shell = await start('/bin/sh', ['-c', 'sleep 60; grep -r stratum+tcp:// /srv']);
    const outcome = await scan();
    for (const one of [child, shell])
      expect(ofProcess(outcome, one)?.verdict ?? 'benign').not.toBe('malicious');
  });

  it('blames the script and not the interpreter that runs it', async () => {
    const script = join(folder, '.z/m.mjs');
    mkdirSync(join(folder, '.z'));
    writeFileSync(script, 'setInterval(() => {}, 1000);\n');
    const child = await start(process.execPath, [
      script,
      '-o',
      'stratum+tcp://203.0.113.9:3333',
      '-u',
      WALLET,
    ]);
    const outcome = await scan();
    expect(ofProcess(outcome, child)?.verdict).toBe('malicious');
    expect(outcome.findings.find(({ title }) => title === script)?.verdict).toBe('malicious');
    expect(outcome.findings.find(({ title }) => title === process.execPath)).toBeUndefined();
  });

  it('does not blame the responder’s own processes, whatever they look like', async () => {
    const child = await start('/bin/sh', [
      '-c',
      'sleep 60; :',
      'stratum+tcp://203.0.113.9:3333',
      '-u',
      WALLET,
    ]);
    const facts = someFacts();
    const own = { ...facts, responder: { ...facts.responder, protectedPids: [child.pid ?? 0] } };
    const outcome = await scanHost({ scopes: PROCESSES, sampleMs: 0 }, { facts: own });
    expect(ofProcess(outcome, child)).toMatchObject({ verdict: 'benign' });
  });
});

describe('sockets', () => {
  let server: Server;
  afterAll(() => server?.close());

  it('are given to the process that holds them', async () => {
    const gathered = gatherNothing();
    const look = lookHere();
    server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    enumerateConnections(look, gathered);
    expect(
      gathered.sockets.find(({ localPort, state }) => localPort === port && state === 'listening'),
    ).toMatchObject({
      localAddress: '127.0.0.1',
      protocol: 'tcp',
    });
    expect(gathered.connections.filter(({ remoteAddress }) => remoteAddress.startsWith('127.'))).toEqual([]);
  });
});

/** Codes of reasons that lean on another finding. */
const OF_OTHERS = /malicious|^same-time$/;

describe('this very machine', () => {
  it('has nothing malicious on it', async () => {
    const outcome = await scan(SCAN_SCOPES.filter((scope) => scope !== 'packages'));
    // Sandboxes of a drill that is played at the same moment are not this machine’s own.
    const ours = readlinkSync('/proc/self/ns/pid');
    const isElsewhere = (pid: number): boolean => {
      try {
        return readlinkSync(`/proc/${pid}/ns/pid`) !== ours;
      } catch {
        return true;
      }
    };
    const others = new Set(
      outcome.findings.flatMap(({ id, subject }) =>
        subject.kind === 'process' && isElsewhere(subject.process.pid) ? [id] : [],
      ),
    );
    // Neither is what tests that run beside this one have laid into folders for temporary files.
    const isPlanted = ({ title, subject }: Finding): boolean =>
      /^\/(tmp|var\/tmp|dev\/shm)\//.test(
        subject.kind === 'process' ? (subject.process.exePath ?? '') : title,
      );
    const bad = outcome.findings.filter(
      (finding) =>
        finding.verdict === 'malicious' &&
        !others.has(finding.id) &&
        !finding.related.some((other) => others.has(other)) &&
        !isPlanted(finding),
    );
    // What is blamed only for its kin follows from one that is blamed for itself, and those are all tests’ own.
    const byThemselves = bad.filter(({ reasons }) =>
      reasons.some(({ code, weight }) => weight >= 40 && !OF_OTHERS.test(code)),
    );
    expect(byThemselves.map(({ title, reasons }) => [title, reasons])).toEqual([]);
    expect(outcome.unknowns.filter(({ reason }) => reason.includes('unexpectedly'))).toEqual([]);
    expect(outcome.counts.processes).toBeGreaterThan(1);
  });

  it('is read fast: processes and sockets in time with their number', () => {
    const look = lookHere();
    const once = (): number => {
      const gathered = gatherNothing();
      const from = process.cpuUsage();
      enumerateProcesses(look, gathered);
      enumerateConnections(look, gathered);
      const { user, system } = process.cpuUsage(from);
      return (user + system) / 1000 / Math.max(gathered.processes.length, 1);
    };
    const best = Math.min(...Array.from({ length: 7 }, once));
    // 100 ms for 500 processes; in time of the processor, since other tests run beside this one.
    expect(best).toBeLessThan(0.2);
  });
});

function lookHere(): Look {
  return {
    root: '',
    facts: someFacts(),
    request: { scopes: [], sampleMs: 0 },
    signal: undefined,
    unknowns: [],
    accounts: [],
    indicators: indicatorsWith(),
  };
}
