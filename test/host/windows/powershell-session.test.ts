import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PowerShellSession, type SessionOptions } from '../../../src/host/windows/powershell-session.ts';

const STAND_IN = [process.execPath, join(import.meta.dirname, 'stand-in.mjs')];
const open: PowerShellSession[] = [];

function session(options: Partial<SessionOptions> = {}): PowerShellSession {
  const made = new PowerShellSession({ argv: STAND_IN, ...options });
  open.push(made);
  return made;
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function pidOf(one: PowerShellSession): Promise<unknown> {
  const outcome = await one.call({ name: '!echo', script: '' });
  return outcome.status === 'answered' ? (outcome.value[0] as { pid: number }).pid : outcome;
}

describe('a PowerShell process', () => {
  it('is given the script as it is and the values beside it, whatever is in them', async () => {
    const parameters = { Path: `C:\\a'; "$(Remove-Item x)" \u2028 ü\u0000`, List: ['a', 'b'], Id: 7 };
    const outcome = await session().call({ name: '!echo', script: 'param($Path)', parameters });
    expect(outcome).toMatchObject({ status: 'answered', value: [{ script: 'param($Path)', parameters }] });
  });

  it('answers many calls, each its own, and is one process', async () => {
    const one = session();
    const pids = await Promise.all([pidOf(one), pidOf(one), pidOf(one)]);
    expect(new Set(pids).size).toBe(1);
  });

  it('tells an error of a script as one, printable, and lives on', async () => {
    const one = session();
    const before = await pidOf(one);
    const outcome = await one.call({ name: '!error', script: '' });
    expect(outcome).toEqual({
      status: 'failed',
      message: 'It is\\x1b[31m not there',
      category: 'ObjectNotFound',
    });
    expect(await pidOf(one)).toBe(before);
  });

  it('is not disturbed by lines that are no frames, nor by large answers', async () => {
    const one = session();
    expect(await one.call({ name: '!noise', script: '' })).toEqual({ status: 'answered', value: [1] });
    const large = await one.call({ name: '!large', script: '' });
    expect(large.status === 'answered' && String(large.value[0]).length).toBe(3 * 1024 * 1024);
  });

  it.each([
    ['!hang', 'timed-out', { timeoutMs: 300 }],
    ['!die', 'died', {}],
    ['!garbage', 'garbled', {}],
    ['!no-json', 'garbled', {}],
    ['!other', 'garbled', {}],
    ['!huge', 'too-large', { maxBytes: 1024 * 1024 }],
  ] as const)(
    'that does %s is said to be lost (%s), and another takes its place',
    async (name, reason, options) => {
      const one = session(options);
      const timeoutMs = 'timeoutMs' in options ? options.timeoutMs : undefined;
      const outcome = await one.call({ name, script: '', timeoutMs });
      expect(outcome).toMatchObject({ status: 'lost', reason });
      // The next one may take its time on a busy machine.
      expect(await one.call({ name: '!echo', script: '', timeoutMs: 60_000 })).toMatchObject({
        status: 'answered',
      });
    },
  );

  it('says with what it ended', async () => {
    const outcome = await session().call({ name: '!die', script: '' });
    expect(outcome).toMatchObject({
      message: 'PowerShell ended during “!die”. Its exit code was 3. It said: out of memory',
    });
  });

  it('that cannot be started is said as that, each time', async () => {
    const one = session({ argv: ['/nowhere/powershell.exe'] });
    for (let time = 0; time < 2; time += 1)
      expect(await one.call({ name: 'x', script: '' })).toMatchObject({
        status: 'lost',
        reason: 'not-started',
      });
  });

  it('can be called off', async () => {
    const abort = new AbortController();
    const calling = session().call({ name: '!hang', script: '', signal: abort.signal });
    abort.abort();
    expect(await calling).toMatchObject({ status: 'lost', reason: 'cancelled' });
  });
});
