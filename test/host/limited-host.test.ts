import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { ownCommand } from '../../src/cli/surroundings.ts';
import type { Host } from '../../src/host/host.ts';
import { HOST_LIMITS, type HostLimits, withLimits } from '../../src/host/limited-host.ts';
import { connectHost } from '../../src/host/remote.ts';
import { UserError } from '../../src/text/user-error.ts';
import { run } from '../end-to-end/program.ts';
import { paperHost } from '../support/paper-host.ts';

const operation = { kind: 'block-address', address: '192.0.2.1', id: 'a.1.1', because: [] } as const;
const context = () => ({
  incidentId: 'x',
  evidence: { open: async () => Promise.reject(new Error('none is taken')) },
  onOutput: () => {},
  onProgress: () => {},
  secrets: {},
});

/** The processes that this one has started. */
const children = () =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').map(Number);

test('an agent that is stopped in the middle of a look is given up, named and ended', async () => {
  run(['--version']);
  const before = new Set(children());
  const agent = await connectHost(ownCommand('agent'));
  const pid = children().find((child) => !before.has(child)) ?? 0;
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // As it should be: it is gone.
    }
  });
  await agent.facts();
  process.kill(pid, 'SIGSTOP');
  const host = withLimits(agent, { ...HOST_LIMITS, silentLook: 400 });
  const said = await host.scan({ scopes: ['cron'], sampleMs: 0, indicators: [], rules: [] }, {}).then(
    () => null,
    (error: unknown) => error,
  );
  expect(said).toBeInstanceOf(UserError);
  expect(said).toMatchObject({ code: 'host-hangs' });
  expect((said as UserError).message).toMatch(/said nothing for .* while looking/);
  expect((said as UserError).hint).toContain('`tourniquet resume`');
  await host.close();
  // Without a reader of its exit it would stay as a zombie; Node is one.
  while (children().includes(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
}, 60_000);

test('whatever says something may take as long as it takes; whatever is silent may not', async () => {
  const paper = paperHost();
  const limits = { ...HOST_LIMITS, silentDeed: 300, verify: 200, admit: 200, facts: 200, confirm: 200 };
  const host = withLimits(paper, limits);
  const outcome = await paper.perform(operation, { kind: operation.kind }, context());
  paper.perform = async (_operation, _receipt, { onOutput }) => {
    for (let turn = 0; turn < 10; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      onOutput('stdout', Buffer.from('.'));
    }
    return outcome;
  };
  expect(await host.perform(operation, { kind: operation.kind }, context())).toEqual(outcome);
  const never = () => new Promise<never>(() => {});
  let cancelled: AbortSignal | undefined;
  paper.perform = (_operation, _receipt, { signal }) => {
    cancelled = signal;
    return never();
  };
  await expect(host.perform(operation, { kind: operation.kind }, context())).rejects.toMatchObject({
    code: 'host-hangs',
    message: expect.stringContaining('192.0.2.1'),
  });
  expect(cancelled?.aborted).toBe(true);
}, 30_000);

/** The compiler asks for a line when the interface gets another call; closing has a limit of its own (agent-line.ts). */
type Limited = Exclude<keyof Host, 'close' | 'responderSide'>;
const { kind } = operation;
const CALLS: { readonly [Call in Limited]: (host: Host) => Promise<unknown> | undefined } = {
  facts: (host) => host.facts(),
  scan: (host) => host.scan({ scopes: ['cron'], sampleMs: 0, indicators: [], rules: [] }, {}),
  awaitChange: (host) => host.awaitChange({ waitMs: 100, everyMs: 50 }, {}),
  prepare: (host) => host.prepare(operation, context()),
  perform: (host) => host.perform(operation, { kind }, context()),
  verify: (host) => host.verify(operation, { kind }),
  confirm: (host) => host.confirm(operation, { kind }, 'responder'),
  undo: (host) => host.undo(operation, { kind }, context()),
  readAnew: (host) => host.readAnew?.(operation, context()),
  admit: (host) => host.admit('x', 'y:1'),
};

test.each(Object.entries(CALLS))('a host that never answers “%s” is given up', async (name, call) => {
  const paper = paperHost();
  Object.assign(paper, { [name]: () => new Promise<never>(() => {}) });
  const limits = Object.fromEntries(Object.keys(HOST_LIMITS).map((limit) => [limit, 200]));
  const asked = call(withLimits(paper, limits as unknown as HostLimits));
  await expect(asked).rejects.toMatchObject({ code: 'host-hangs', hint: expect.stringContaining('resume') });
});
