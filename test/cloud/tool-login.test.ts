import { expect, it } from 'vitest';
import { run } from '../../src/actions/run.ts';
import { cloudProvider } from '../../src/cloud/providers.ts';
import { withResponderSide } from '../../src/cloud/responder-side.ts';
import { whyNotLoggedIn } from '../../src/cloud/tool-login.ts';
import { asCloudName } from '../../src/operations/cloud-names.ts';
import type { RunCommand } from '../../src/operations/operation.ts';
import { paperHost } from '../support/paper-host.ts';
import { planFacts } from '../support/plan-facts.ts';

const RAN = { failedToStart: null, timedOut: false, exitCode: 0, stdout: Buffer.from('') };

it.each([
  ['is missing', { ...RAN, failedToStart: 'not found', exitCode: null }, 'gcloud is not where you are'],
  ['knows nobody', RAN, 'Nobody is logged in to gcloud where you are. Log in (gcloud auth login)'],
  ['fails', { ...RAN, exitCode: 1 }, 'Nobody is logged in'],
  ['hangs', { ...RAN, timedOut: true, exitCode: null }, 'did not say within 20 s'],
])('a tool that %s is said to, and what to do', async (_what, asked, said) => {
  expect(await whyNotLoggedIn('gcloud', async () => asked)).toContain(said);
});

it('a tool that somebody is logged in to is used, and asked without changing anything', async () => {
  const calls: string[] = [];
  const ask = async (argv: readonly string[]) => {
    calls.push(argv.join(' '));
    return { ...RAN, stdout: Buffer.from('ana@example.org\n') };
  };
  expect(await whyNotLoggedIn('gcloud', ask)).toBeNull();
  expect(await whyNotLoggedIn('az', ask)).toBeNull();
  expect(calls).toEqual([
    'gcloud auth list --filter=status:ACTIVE --format=value(account)',
    'az account show --query id --output tsv',
  ]);
});

it('in a drill no tool is asked', async () => {
  const { responderSide } = withResponderSide(paperHost(), {
    ...{ isOnHost: false, isDrill: true, own: async () => paperHost(), provider: cloudProvider },
  });
  expect(await responderSide?.tool?.('gcloud')).toContain('This is a drill');
});

it('a command whose tool cannot be used becomes a person’s, with what was written for it', () => {
  const command: RunCommand = {
    kind: 'run-command',
    command: { shell: 'gcloud x' },
    environment: {},
    secretNames: [],
    workingFolder: null,
    timeoutMs: 1,
    risk: 'reversible',
    verify: null,
    undo: null,
    on: 'responder',
  };
  const leftToPerson = { why: 'gcloud is missing.', instructions: ['type it'], record: ['that you did'] };
  const plan = run.plan({
    ...{ chosen: [], findings: [], parameters: {}, command },
    facts: { ...planFacts(), leftToPerson },
  });
  expect(plan).toMatchObject({
    operations: [],
    remarks: ['gcloud is missing.', 'It is yours to do by hand.'],
    byHand: { instructions: ['type it'], record: ['that you did'] },
  });
});

it.each([
  ['web-07', 'web-07'],
  ['My.Group_(1)', 'My.Group_(1)'],
  ['--impersonate-service-account=x', ''],
  ['a b', ''],
  ['$(reboot)', ''],
  ['', ''],
])('a host that calls its machine “%s” is taken to have said “%s”', (said, taken) => {
  expect(asCloudName(said)).toBe(taken);
});
