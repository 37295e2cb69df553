import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EvidenceSink, Host, OperationContext } from '../../src/host/host.ts';
import { connectHost } from '../../src/host/remote.ts';
import type { Operation, RunCommand } from '../../src/operations/operation.ts';
import type { OperationProgress } from '../../src/operations/progress.ts';
import { COMMAND } from '../support/incident-builder.ts';

const AGENT = join(import.meta.dirname, 'fixtures/agent-with-files.ts');

let folder: string;
let host: Host;
const hosts: Host[] = [];

async function connect(argv: readonly string[] = [process.execPath, AGENT, folder]): Promise<Host> {
  const connected = await connectHost(argv, {
    responder: { peerAddress: '203.0.113.5', peerPort: 50_000, localPort: 22 },
  });
  hosts.push(connected);
  return connected;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agent-'));
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((each) => each.close()));
  rmSync(folder, { recursive: true, force: true });
});

interface Sunk {
  readonly sink: EvidenceSink;
  readonly files: Map<string, Buffer>;
  most: number;
}

/** Evidence into memory, slower than it comes if asked for. */
function sinkOf(delayMs = 0): Sunk {
  const files = new Map<string, Buffer>();
  const sunk: Sunk = {
    files,
    most: 0,
    sink: {
      async open(name, source) {
        const pieces: Uint8Array[] = [];
        let writing = 0;
        return {
          async write(bytes) {
            writing += 1;
            sunk.most = Math.max(sunk.most, writing);
            if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
            pieces.push(bytes);
            writing -= 1;
          },
          async close() {
            const whole = Buffer.concat(pieces);
            files.set(name, whole);
            const sha256 = createHash('sha256').update(whole).digest('hex');
            return { name, source, sha256, sizeBytes: whole.length };
          },
        };
      },
    },
  };
  return sunk;
}

function contextOf(more: Partial<OperationContext> = {}): OperationContext {
  return {
    incidentId: 'test',
    evidence: sinkOf().sink,
    onOutput: () => {},
    onProgress: () => {},
    secrets: {},
    ...more,
  };
}

const common = { id: 'step.1.1', because: [] } as const;
const account = { account: 'x', uid: 1 } as const;
const archive = (path: string): Operation => ({
  ...common,
  kind: 'archive-files',
  paths: [path],
  name: 'bytes.bin',
  maxBytes: 1e9,
});
const change: Operation = { ...common, kind: 'lift-isolation' };
const command = (...argv: string[]): Operation & RunCommand => ({
  ...common,
  ...COMMAND,
  command: { argv },
  timeoutMs: 60_000,
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
const marked = (name: string) => existsSync(join(folder, name));

describe('a host behind an agent', () => {
  beforeEach(async () => {
    host = await connect();
  });

  it('gives the facts of where the agent is, with what the client knows of the responder', async () => {
    const facts = await host.facts();
    expect(facts.platform).toBe('linux');
    expect(facts.responder).toMatchObject({ peerAddress: '203.0.113.5', peerPort: 50_000, localPort: 22 });
    // The agent's own process is protected, and so is ours: it is the agent's ancestor.
    expect(facts.responder.protectedPids).toContain(process.pid);
  });

  it('brings evidence over whole, in order, and no faster than it is taken', async () => {
    const bytes = Buffer.alloc(3_000_001);
    for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
    const path = join(folder, 'bytes');
    writeFileSync(path, bytes);
    const slow = sinkOf(2);
    const prepared = await host.prepare(archive(path), contextOf({ evidence: slow.sink }));
    expect(slow.files.get('archives/bytes.bin')?.equals(bytes)).toBe(true);
    expect(slow.most).toBe(1);
    expect(prepared).toMatchObject({
      status: 'ready',
      evidence: [
        { sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: 3_000_001, source: path },
      ],
    });
  });

  it('reports evidence that cannot be written here as a failure of the call, not of the line', async () => {
    const path = join(folder, 'bytes');
    writeFileSync(path, Buffer.alloc(2_000_000));
    let closed = 0;
    const full: EvidenceSink = {
      open: async () => ({
        write: () => Promise.reject(new Error('no space left')),
        close: async () => {
          closed += 1;
          throw new Error('no space left');
        },
      }),
    };
    await expect(host.prepare(archive(path), contextOf({ evidence: full }))).rejects.toThrow('no space left');
    expect(closed).toBe(1);
    expect((await host.verify(change, { kind: change.kind })).status).toBe('holds');
  });

  it('never opens evidence outside the evidence folder, whatever the agent asks for', async () => {
    const opened: string[] = [];
    const evidence: EvidenceSink = {
      open: async (name) => {
        opened.push(name);
        throw new Error('must not be asked');
      },
    };
    const edit = { ...common, kind: 'edit-file' } as unknown as Operation;
    await expect(host.prepare(edit, contextOf({ evidence }))).rejects.toThrow('not a name for evidence');
    expect(opened).toEqual([]);
  });

  it('passes output on as bytes, in order, before the outcome', async () => {
    const pieces: Buffer[] = [];
    const progress: OperationProgress[] = [];
    const size = 1_000_000;
    const outcome = await host.perform(
      command('head', '-c', String(size), '/dev/urandom'),
      { kind: 'run-command' },
      contextOf({
        onOutput: (_stream, bytes) => pieces.push(Buffer.from(bytes)),
        onProgress: (each) => progress.push(each),
      }),
    );
    expect(outcome).toMatchObject({ status: 'done', exitCode: 0 });
    expect(Buffer.concat(pieces).length).toBe(size);
    expect(progress).toEqual([{ done: 0, total: null, unit: 'bytes' }]);
  });

  it('tells stdout from stderr and hands secrets over', async () => {
    const said = { stdout: '', stderr: '' };
    await host.perform(
      command('sh', '-c', 'echo "$SECRET"; echo err >&2'),
      { kind: 'run-command' },
      contextOf({
        secrets: { SECRET: 'hunter2' },
        onOutput: (stream, bytes) => {
          said[stream] += Buffer.from(bytes).toString();
        },
      }),
    );
    expect(said).toEqual({ stdout: 'hunter2\n', stderr: 'err\n' });
  });

  it('cancels a scan and still gets its answer', async () => {
    const abort = new AbortController();
    const progress: unknown[] = [];
    const scanning = host.scan(
      { scopes: ['processes'], sampleMs: 0 },
      { signal: abort.signal, onProgress: (each) => progress.push(each) },
    );
    await until(() => marked('scan-begun'));
    abort.abort();
    expect(await scanning).toMatchObject({ counts: { processes: 2 } });
    expect(progress).toEqual([{ scope: 'processes', done: 1, total: 2 }]);
  });

  it('keeps code and hint of a refusal by the far end, and tells a bug there from it', async () => {
    const lock: Operation = { ...common, ...account, kind: 'lock-account' };
    await expect(host.prepare(lock, contextOf())).rejects.toMatchObject({
      name: 'UserError',
      code: 'no-such-account',
      hint: 'Look.',
    });
    const expire: Operation = { ...common, ...account, kind: 'expire-password' };
    await expect(host.prepare(expire, contextOf())).rejects.toThrow('on the host: a bug');
  });

  it('does not take an outcome of another kind than was asked for', async () => {
    const undoing = host.undo(change, { kind: 'lift-isolation' }, contextOf());
    await expect(undoing).rejects.toMatchObject({ code: 'host-answer' });
  });

  it('says host-lost, with a hint, to everything that is going on when the agent is killed', async () => {
    const facts = await host.facts();
    const pid = facts.responder.protectedPids[0] ?? 0;
    const scanning = host.scan({ scopes: [], sampleMs: 0 }, {});
    await until(() => marked('scan-begun'));
    const verdict = expect(scanning).rejects.toMatchObject({
      name: 'UserError',
      code: 'host-lost',
      message: expect.stringContaining('SIGKILL'),
      hint: expect.stringContaining('resume'),
    });
    process.kill(pid, 'SIGKILL');
    await verdict;
    await expect(host.verify(change, { kind: change.kind })).rejects.toMatchObject({ code: 'host-lost' });
  });

  it('finishes a change that was begun when the client goes away, and then ends', async () => {
    const changing = host.perform(change, { kind: change.kind }, contextOf());
    changing.catch(() => {});
    await until(() => marked('change-begun'));
    await host.close();
    await until(() => marked('ended'));
    expect(marked('change-finished')).toBe(true);
    expect(marked('closed')).toBe(true);
  });

  it('cancels what only reads when the client goes away, and does not wait for a long command', async () => {
    const scanning = host.scan({ scopes: [], sampleMs: 0 }, {});
    scanning.catch(() => {});
    const running = host.perform(command('sleep', '30'), { kind: 'run-command' }, contextOf());
    running.catch(() => {});
    await until(() => marked('scan-begun'));
    const startedAt = performance.now();
    await host.close();
    await until(() => marked('ended'));
    expect(marked('scan-cancelled')).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

describe('an agent whose client is killed', () => {
  it('finishes what was begun and leaves no process behind', async () => {
    const { spawn } = await import('node:child_process');
    const client = join(folder, 'client.ts');
    const remote = join(import.meta.dirname, '../../src/host/remote.ts');
    writeFileSync(
      client,
      `const { connectHost } = await import(${JSON.stringify(remote)});
       const host = await connectHost([process.execPath, ${JSON.stringify(AGENT)}, ${JSON.stringify(folder)}]);
       await host.perform(${JSON.stringify(change)}, { kind: 'lift-isolation' },
         { incidentId: 'x', evidence: null, onOutput() {}, onProgress() {}, secrets: {} });`,
    );
    const running = spawn(process.execPath, [client], { stdio: 'ignore' });
    await until(() => marked('change-begun'));
    running.kill('SIGKILL');
    await until(() => marked('ended'));
    expect(marked('change-finished')).toBe(true);
    const agent = Number(readFileSync(join(folder, 'change-begun'), 'utf8'));
    await until(() => !existsSync(`/proc/${agent}`));
  });
});

describe('an agent that cannot be started', () => {
  it.each([
    [
      'ends at once',
      ['sh', '-c', 'echo "tourniquet: command not found" >&2; exit 127'],
      /127.*command not found/,
    ],
    ['is not there', ['no-such-transport'], /no `no-such-transport`/],
    ['cannot be executed', ['/etc/passwd'], /could not be run.*EACCES/],
    [
      'prints before it speaks',
      ['sh', '-c', 'printf "Welcome\\033[2J to web-1\\n"; cat'],
      /Welcome\\x1b\[2J to web-1/,
    ],
    [
      'announces an endless message',
      ['sh', '-c', 'printf "Content-Length: 99999999999\\r\\n\\r\\n"; cat'],
      /99999999999/,
    ],
    [
      'answers nonsense',
      ['sh', '-c', 'printf "Content-Length: 9\\r\\n\\r\\n{\\"a\\": 1}"; exec cat >/dev/null'],
      /did not answer|sent/,
    ],
  ])('says so when it %s', async (_case, argv, pattern) => {
    // Only the last of them has to be waited for.
    const startWithinMs = pattern.source.startsWith('did not') ? 700 : 30_000;
    await expect(connectHost(argv, { startWithinMs })).rejects.toMatchObject({
      name: 'UserError',
      code: 'agent-start',
      message: expect.stringMatching(pattern),
      hint: expect.any(String),
    });
  });

  it('says so when it does not answer in time, and ends it', async () => {
    const pidFile = join(folder, 'pid');
    const connecting = connectHost(['sh', '-c', `echo $$ > ${pidFile}; exec sleep 300`], {
      startWithinMs: 2000,
    });
    await expect(connecting).rejects.toMatchObject({ message: expect.stringContaining('did not answer') });
    await until(() => !existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`));
  });
});
