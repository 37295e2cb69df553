import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTool } from '../../src/host/run-tool.ts';
import { findTool, toolRecord } from '../../src/host/tool-lookup.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-tool-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A tiny executable of the test's own. */
function tool(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody has collected yet is dead for our purpose.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('runTool', () => {
  it('returns exit code and both outputs of a tool that fails, and does not throw', async () => {
    const result = await runTool([tool('fails', 'echo out; echo err >&2; exit 7')]);
    expect(result).toMatchObject({ exitCode: 7, timedOut: false, truncated: false, failedToStart: null });
    expect(text(result.stdout)).toBe('out\n');
    expect(text(result.stderr)).toBe('err\n');
  });

  it('passes arguments as they are, whatever is in them', async () => {
    const nasty = ['a b', '$(id)', "it's", '"', '*', ';rm', 'new\nline', ''];
    const result = await runTool([tool('prints', 'printf "%s\\0" "$@"'), ...nasty]);
    expect(text(result.stdout).split('\0').slice(0, -1)).toEqual(nasty);
  });

  it('gives bytes back unharmed, also those that are not UTF-8', async () => {
    const bytes = Uint8Array.from([0, 255, 254, 128, 10, 13, 27]);
    const result = await runTool(['cat'], { input: bytes });
    expect([...result.stdout]).toEqual([...bytes]);
  });

  it('gives an empty standard input when none is given', async () => {
    expect((await runTool(['cat'])).exitCode).toBe(0);
  });

  it('keeps nothing of the caller’s environment', async () => {
    process.env.TOURNIQUET_TEST_LEAK = 'leak';
    try {
      const result = await runTool(['env'], { environment: { MINE: 'x', LD_PRELOAD: '/evil.so' } });
      const names = text(result.stdout)
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('=')[0]);
      expect(names.sort()).toEqual(['LC_ALL', 'MINE', 'PATH', 'TERM']);
    } finally {
      delete process.env.TOURNIQUET_TEST_LEAK;
    }
  });

  it('does not find a bare name in PATH or in the working folder', async () => {
    tool('only-here', 'echo found');
    const before = process.env.PATH;
    process.env.PATH = `${folder}:${before}`;
    try {
      const result = await runTool(['only-here'], { workingFolder: folder });
      expect(result.exitCode).toBeNull();
      expect(result.failedToStart).toContain('/usr/sbin:/usr/bin');
    } finally {
      process.env.PATH = before;
    }
  });

  it.each(['../bin/sh', './x', 'a/b', '', '-x', 'sh\0'])('refuses the name %j', async (name) => {
    expect((await runTool([name])).failedToStart).not.toBeNull();
  });

  it('says why an absolute path could not be started', async () => {
    const noRight = join(folder, 'no-right');
    writeFileSync(noRight, '#!/bin/sh\n', { mode: 0o644 });
    expect((await runTool([join(folder, 'absent')])).failedToStart).toContain('no such file');
    expect((await runTool([noRight])).failedToStart).toContain('not executable');
    expect((await runTool(['true'], { workingFolder: join(folder, 'absent') })).failedToStart).toContain(
      'working folder',
    );
  });

  it('ends the tool and its children at the timeout', async () => {
    const pidFile = join(folder, 'child.pid');
    const script = tool('hangs', `sleep 300 & echo $! > ${pidFile}; wait`);
    const result = await runTool([script], { timeoutMs: 300 });
    expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: 'SIGTERM' });
    const child = Number(readFileSync(pidFile, 'utf8'));
    await until(() => !isAlive(child));
  });

  it('kills what does not listen to SIGTERM, children too', async () => {
    const pidFile = join(folder, 'deaf.pid');
    const script = tool(
      'deaf',
      `trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo $! > ${pidFile}; wait; wait`,
    );
    const result = await runTool([script], { timeoutMs: 200 });
    expect(result).toMatchObject({ timedOut: true, signal: 'SIGKILL' });
    const child = Number(readFileSync(pidFile, 'utf8'));
    await until(() => !isAlive(child));
  });

  it('does not wait for something the tool left in the background', async () => {
    const script = tool('leaves', 'echo done; sleep 20 & echo $!');
    const startedAt = performance.now();
    const result = await runTool([script]);
    expect(result.exitCode).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const [said, pid] = text(result.stdout).split('\n');
    expect(said).toBe('done');
    process.kill(Number(pid), 'SIGKILL');
  });

  it('keeps no more than asked for, reads on, and says so', async () => {
    let seen = 0;
    const result = await runTool(['head', '-c', '3000000', '/dev/zero'], {
      maxBytes: 1000,
      onOutput: (_stream, bytes) => {
        seen += bytes.length;
      },
    });
    expect(result).toMatchObject({ exitCode: 0, truncated: true });
    expect(result.stdout.length).toBe(1000);
    expect(seen).toBe(3_000_000);
  });

  it('ends the tool when it is cancelled', async () => {
    const started = join(folder, 'started');
    const script = tool('cancelled', `: > ${started}; exec sleep 300`);
    const cancel = new AbortController();
    const running = runTool([script], { signal: cancel.signal });
    await until(() => existsSync(started));
    cancel.abort();
    expect(await running).toMatchObject({ exitCode: null, signal: 'SIGTERM', timedOut: false });
    expect((await runTool([script], { signal: cancel.signal })).failedToStart).toContain('cancelled');
  });

  it('survives a tool that does not read its input', async () => {
    const result = await runTool(['true'], { input: Buffer.alloc(4_000_000) });
    expect(result).toMatchObject({ exitCode: 0, failedToStart: null });
  });
});

describe('toolRecord', () => {
  it('gives path and hash of what is behind the name', async () => {
    const record = await toolRecord('sh');
    expect(record?.path).toBe(await findTool('sh'));
    const hash = await runTool(['sha256sum', record?.path ?? '']);
    expect(text(hash.stdout).split(' ')[0]).toBe(record?.sha256);
    expect(await toolRecord('no-such-tool-anywhere')).toBeNull();
  });
});
