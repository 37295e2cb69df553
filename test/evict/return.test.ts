import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import { openHost } from '../../src/cli/run/hosts.ts';
import { startSandbox } from '../../src/drill/sandbox.ts';
import type { StepState } from '../../src/engine/incident.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { openIncident } from '../../src/runner/open-incident.ts';
import type { Runner } from '../../src/runner/runner.ts';
import { playbook, step } from '../support/paper-incident.ts';

/** Miner and guard run from the miner's folder; what merely starts them is a shell, and gone in a moment. */
const isProcess = ({ subject }: Finding) =>
  subject.kind === 'process' && subject.process.exePath?.startsWith('/usr/local/lib/') === true;

test('only the miner is killed of a miner and its guard: what comes back leads to the guard, and then both go', {
  timeout: 180_000,
}, async () => {
  const sandbox = await startSandbox({ scenario: 'watchdog', seed: 7 });
  onTestFinished(() => sandbox.end());
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-return-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const transport = { kind: 'drill', sandboxId: sandbox.id } as const;
  const runner = (
    await openIncident(
      {
        host: await openHost(transport),
        actions,
        session: { responder: 'ana', front: 'test', version: '0' },
        localHostname: 'here',
        sampleMs: 500,
      },
      {
        ...{ root, playbookText: '# kill\n', inputs: {}, transport, skip: [] },
        playbook: playbook([step('kill', { uses: 'kill-process' })]),
      },
    )
  ).start();
  onTestFinished(() => runner.leave('test').then(() => undefined));

  await runner.whenIdle();
  const kill = (): StepState => {
    const [only] = runner.view().incident.steps;
    if (only === undefined) throw new Error('There is no step.');
    return only;
  };
  const chosen = kill().findings?.filter(({ id }) => kill().chosen.includes(id)) ?? [];
  const processes = chosen.filter(isProcess);
  // The guard itself computes nothing and has no wallet.
  const miners = processes.filter(({ reasons }) => reasons.some(({ code }) => code === 'wallet'));
  const guards = processes.filter((one) => !miners.includes(one));
  expect([miners.length, guards.length]).toEqual([1, 1]);

  await runner.send({ kind: 'choose-findings', stepId: 'kill', findingIds: miners.map(({ id }) => id) });
  await runner.whenIdle();
  expect(kill().plan?.remarks.join('\n')).toContain(
    `Not chosen, but they belong together with what is: ${guards[0]?.title}`,
  );
  await approve(runner);

  // The guard has started the miner anew, under another name; what came back is told with what it belongs to.
  const reopened = runner
    .records()
    .flatMap(({ event }) => (event.kind === 'step-reopened' ? [event.reason] : []));
  expect(reopened).toHaveLength(1);
  // Seen in the moment of its start, it is still the script that starts it.
  expect(reopened[0]).toMatch(/^came back at once: /);
  expect(reopened[0]).toContain(guards[0]?.title);
  const again = kill().findings?.filter((one) => isProcess(one) && kill().chosen.includes(one.id)) ?? [];
  expect(again.map(({ title }) => title)).toContain(guards[0]?.title);
  expect(again.length).toBeGreaterThanOrEqual(2);

  // All of the group at once: frozen by one operation, so that none sees another stop.
  const frozen = kill().plan?.operations.filter(({ kind }) => kind === 'freeze-process') ?? [];
  expect(frozen).toHaveLength(1);
  expect(frozen[0]).toMatchObject({ others: expect.arrayContaining([expect.anything()]) });
  await approve(runner);
  // There are other ways back, which are the purge's; of these two nothing is left.
  const ended = kill().operations.flatMap(({ operation, verification }) =>
    operation.kind === 'kill-process' && verification?.status === 'holds' ? [operation.process.pid] : [],
  );
  for (const { subject } of [...miners, ...guards])
    expect(ended).toContain(subject.kind === 'process' ? subject.process.pid : null);
});

async function approve(runner: Runner): Promise<void> {
  const { question } = runner.view();
  if (question?.kind !== 'approval') throw new Error(`It asks ${question?.kind ?? 'nothing'}.`);
  await runner.send({ ...question, kind: 'approve-plan', how: 'key' });
  await runner.whenIdle();
}
