import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsProvider } from '../../src/cloud/aws.ts';
import type { CloudPlace } from '../../src/operations/cloud.ts';
import { describeOperation } from '../../src/operations/describe.ts';
import { callsOf, cloudDriver } from './cloud-driver.ts';
import { everyDeedStale } from './every-deed-stale.ts';
import { AWS_KEY, INSTANCE, REGION, startAws } from './pretend-aws.ts';

const PLACE: CloudPlace = {
  ...{ provider: 'aws', instance: INSTANCE, region: REGION, zone: `${REGION}a`, group: null, name: null },
  ...{ disks: [], interfaces: ['eni-1'], securityGroups: ['sg-web'], role: 'web-role' },
};
const OURS = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_EC2_METADATA_DISABLED'];
const before = Object.fromEntries(OURS.map((name) => [name, process.env[name]]));

let aws: Awaited<ReturnType<typeof startAws>>;
beforeEach(async () => {
  aws = await startAws();
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${aws.port}`;
  process.env.AWS_ACCESS_KEY_ID = AWS_KEY.keyId;
  process.env.AWS_SECRET_ACCESS_KEY = AWS_KEY.secret;
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
});
afterEach(async () => {
  await aws.close();
  for (const name of OURS) {
    const value = before[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const driver = (readMs?: number) =>
  cloudDriver(awsProvider({ firstPauseMs: 5, ...(readMs === undefined ? {} : { readMs }) }), PLACE);
const uses = (deed: string, more: Record<string, unknown> = {}) => ({ provider: 'aws', do: deed, ...more });

describe('snapshots of an instance of AWS', () => {
  it('are taken of every volume, waited for with progress, verified, and deleted by undo', async () => {
    const on = driver();
    const plan = await on.plan(uses('snapshot-disks'));
    const calls = callsOf(plan);
    expect(calls.map((call) => describeOperation(call).title)).toEqual([
      `cloud-call Snapshots of vol-root (/dev/xvda), vol-data (/dev/sdf) of ${INSTANCE}`,
    ]);
    expect(plan.remarks[0]).toContain('“web-07” at 10.0.0.7');
    const [call] = calls;
    if (call === undefined) throw new Error('nothing planned');
    expect(describeOperation(call).commands[0]).toMatch(
      /^aws ec2 create-snapshots --region eu-central-1 --cli-input-json '\{"InstanceSpecification"/,
    );
    const receipt = await on.do(call);
    expect(on.progress).toContainEqual({ done: 37, total: 100, unit: 'percent' });
    expect(await on.verify(call, receipt)).toMatchObject({ status: 'holds' });
    expect([...aws.state.snapshots.values()].map(({ volume }) => volume)).toEqual(['vol-root', 'vol-data']);
    expect(await on.undo(call, receipt)).toMatchObject({ status: 'done' });
    expect(aws.state.snapshots.size).toBe(0);
    expect(await on.verify(call, receipt)).toMatchObject({ status: 'does-not-hold' });
  });

  it('that a runner before this one began are waited for and not taken twice', async () => {
    const on = driver();
    const [call] = callsOf(await on.plan(uses('snapshot-disks')));
    if (call === undefined) throw new Error('nothing planned');
    const prepared = await on.prepare(call);
    if (prepared.status === 'refused') throw new Error(prepared.refusal.message);
    await on.perform(call, prepared.receipt);
    // The receipt as it stood in the journal before the cut-off.
    expect(await on.verify(call, prepared.receipt)).toMatchObject({ status: 'holds' });
    expect(await on.perform(call, prepared.receipt)).toMatchObject({ status: 'done' });
    expect(aws.state.snapshots.size).toBe(2);
    expect(await on.undo(call, prepared.receipt)).toMatchObject({ status: 'done' });
    expect(aws.state.snapshots.size).toBe(0);
  });
});

describe('isolation of an instance of AWS', () => {
  it('goes by groups of our own, sheds connections on the way, edits no group that others are in, and is taken back', async () => {
    const on = driver();
    const web = structuredClone(aws.state.groups.get('sg-web'));
    const made = callsOf(await on.plan(uses('make-quarantine')));
    expect(made).toHaveLength(2);
    const receipts = [];
    for (const call of made) receipts.push(await on.do(call));
    const quarantine = [...aws.state.groups.values()].find(({ name }) => name === 'tourniquet-quarantine');
    expect(quarantine).toMatchObject({ ingress: [], egress: [] });
    const plan = await on.plan(uses('isolate'));
    expect(plan.remarks.join('\n')).toContain('sg-web (web) is left as it is: i-other is in it too.');
    expect(plan.remarks.join('\n')).toContain('Nobody else is in sg-ops (ops).');
    const moves = callsOf(plan);
    const moved = [];
    for (const call of moves) moved.push([call, await on.do(call)] as const);
    expect(aws.state.moves).toEqual([
      'eni-1: tourniquet-shed',
      'eni-1: tourniquet-quarantine',
      'eni-2: tourniquet-shed',
      'eni-2: tourniquet-quarantine',
    ]);
    expect(aws.state.groups.get('sg-web')).toEqual(web);
    expect(aws.state.interfaces.get('eni-other')).toEqual(['sg-web']);
    expect(callsOf(await on.plan(uses('isolate')))).toEqual([]);
    // The group is in use: what undo meets is said.
    const [group, groupReceipt] = [made[0], receipts[0]];
    if (group === undefined || groupReceipt === undefined) throw new Error('nothing made');
    expect((await on.undo(group, groupReceipt)).message).toContain('DependencyViolation');
    for (const [call, receipt] of moved.reverse())
      expect(await on.undo(call, receipt)).toMatchObject({ status: 'done' });
    expect(aws.state.interfaces.get('eni-1')).toEqual(['sg-web', 'sg-ops']);
    for (const [index, call] of made.entries()) {
      const receipt = receipts[index];
      if (receipt) expect(await on.undo(call, receipt)).toMatchObject({ status: 'done' });
    }
    expect([...aws.state.groups.keys()]).toEqual(['sg-web', 'sg-ops']);
  });

  it('is refused as stale when somebody has moved the interface meanwhile', async () => {
    const on = driver();
    for (const call of callsOf(await on.plan(uses('make-quarantine')))) await on.do(call);
    const [call] = callsOf(await on.plan(uses('isolate')));
    if (call === undefined) throw new Error('nothing planned');
    aws.state.interfaces.set('eni-1', ['sg-web']);
    expect(await on.prepare(call)).toMatchObject({ status: 'refused', refusal: { code: 'stale' } });
  });

  it('takes a half-made group away again', async () => {
    const on = driver();
    const [call] = callsOf(await on.plan(uses('make-quarantine')));
    if (call === undefined) throw new Error('nothing planned');
    aws.trouble({
      action: 'RevokeSecurityGroupEgress',
      times: 9,
      how: { status: 403, code: 'UnauthorizedOperation' },
    });
    await expect(on.do(call)).rejects.toThrow(
      /lacks the permission ec2:RevokeSecurityGroupEgress .*done before it: DeleteSecurityGroup/,
    );
    expect([...aws.state.groups.values()].map(({ name }) => name)).toEqual(['web', 'ops']);
  });
});

describe('logins of AWS', () => {
  it('of the role are revoked for whoever has them, and given back by undo', async () => {
    const on = driver();
    const [call] = callsOf(await on.plan(uses('revoke-role')));
    if (call === undefined) throw new Error('nothing planned');
    const receipt = await on.do(call);
    const [document] = [...aws.state.policies.values()];
    expect(JSON.parse(document ?? '')).toMatchObject({
      Statement: [
        { Effect: 'Deny', Condition: { DateLessThan: { 'aws:TokenIssueTime': expect.any(String) } } },
      ],
    });
    await on.undo(call, receipt);
    expect(aws.state.policies.size).toBe(0);
  });

  it('are switched off and on again, but never the one that our own calls are signed with', async () => {
    const on = driver();
    const plan = await on.plan(
      uses('disable-keys', { keys: ['deploy/AKIASTOLEN', `ana/${AWS_KEY.keyId}`, 'deploy/AKIAGONE'] }),
    );
    expect(plan.remarks.join('\n')).toContain(`${AWS_KEY.keyId} of ana is left`);
    expect(plan.remarks.join('\n')).toContain('deploy has no key AKIAGONE.');
    const calls = callsOf(plan);
    expect(calls).toHaveLength(1);
    const [call] = calls;
    if (call === undefined) throw new Error('nothing planned');
    const receipt = await on.do(call);
    expect(aws.state.keys.get('deploy/AKIASTOLEN')).toBe('Inactive');
    await on.undo(call, receipt);
    expect(aws.state.keys.get('deploy/AKIASTOLEN')).toBe('Active');
  });
});

describe('GuardDuty', () => {
  const one = (plan: Awaited<ReturnType<ReturnType<typeof driver>['plan']>>) => {
    const [call] = callsOf(plan);
    if (call === undefined) throw new Error(`nothing planned: ${plan.remarks.join(' ')}`);
    return call;
  };

  it('says what it found, those of mining first, and changes nothing', async () => {
    const plan = await driver().plan(uses('read-alerts'));
    expect(plan.operations).toEqual([]);
    const said = plan.remarks.join('\n');
    expect(said).toMatch(
      /Speaks of mining: \S+\/f-1, Queries a name of Bitcoin[\s\S]+To be judged by you: \S+\/f-2/,
    );
    expect(said).not.toContain('f-old');
  });

  it('has its findings archived, which is verified and taken back', async () => {
    const on = driver();
    const call = one(await on.plan(uses('handle-alerts')));
    expect(describeOperation(call).commands[0]).toBe(
      'aws guardduty archive-findings --region eu-central-1 --cli-input-json \'{"DetectorId":"12abc34d567e8fa901bc2d34e56789f0","FindingIds":["f-1","f-2"]}\'',
    );
    const receipt = await on.do(call);
    expect(await on.verify(call, receipt)).toMatchObject({ status: 'holds' });
    expect(aws.state.findings.get('f-1')?.isArchived).toBe(true);
    expect(await on.undo(call, receipt)).toMatchObject({ status: 'done' });
    expect(aws.state.findings.get('f-1')?.isArchived).toBe(false);
    expect(aws.state.findings.get('f-old')?.isArchived).toBe(true);
  });

  it('scans the volumes for malware, followed to the end, though it is throttled and broken off on the way', async () => {
    const on = driver();
    aws.trouble({ action: 'StartMalwareScan', times: 2, how: { status: 429, code: 'ThrottlingException' } });
    aws.trouble({ action: 'GetMalwareScan', times: 1, how: 'hang' });
    const call = one(await on.plan(uses('scan-agentless')));
    expect(await on.verify(call, await on.do(call))).toMatchObject({ status: 'holds' });
    expect(aws.state.scans.size).toBe(1);
  });

  it('that may not be asked names the permission', async () => {
    aws.trouble({ action: 'ListFindings', times: 9, how: { status: 403, code: 'AccessDeniedException' } });
    const plan = await driver().plan(uses('read-alerts'));
    expect(plan.remarks.join('\n')).toContain('lacks the permission guardduty:ListFindings');
    expect(plan.byHand?.instructions.join('\n')).toContain(`for ${INSTANCE} in ${REGION}`);
  });
});

describe('disks of an instance of AWS', () => {
  it('are backed up every night from then on, and that is taken back', async () => {
    const on = driver();
    const [call] = callsOf(await on.plan(uses('back-up-daily')));
    if (call === undefined) throw new Error('nothing planned');
    const receipt = await on.do(call);
    expect([...aws.state.lifecyclePolicies.values()]).toEqual([
      {
        role: 'arn:aws:iam::123456789012:role/AWSDataLifecycleManagerDefaultRole',
        tag: `tourniquet-daily=${INSTANCE}`,
        count: 7,
      },
    ]);
    expect([...aws.state.tags]).toEqual([
      `vol-root tourniquet-daily=${INSTANCE}`,
      `vol-data tourniquet-daily=${INSTANCE}`,
    ]);
    expect(await on.verify(call, receipt)).toMatchObject({ status: 'holds' });
    expect(await on.undo(call, receipt)).toMatchObject({ status: 'done' });
    expect(aws.state.lifecyclePolicies.size + aws.state.tags.size).toBe(0);
  });

  it('are left alone where nobody has said what the root volume is built from: a person is told how', async () => {
    const plan = await driver().plan(uses('re-image'));
    expect(plan.operations).toEqual([]);
    expect(plan.byHand?.instructions.join('\n')).toContain(
      `create-replace-root-volume-task --instance-id ${INSTANCE} --image-id IMAGE --no-delete-replaced-root-volume`,
    );
  });

  it('get a fresh root volume, once, even where a runner before had begun it; the old one is kept', async () => {
    const on = driver();
    const [call] = callsOf(await on.plan(uses('re-image', { image: 'ami-1' })));
    if (call === undefined) throw new Error('nothing planned');
    expect(describeOperation(call)).toMatchObject({ risk: 'irreversible' });
    const prepared = await on.prepare(call);
    if (prepared.status === 'refused') throw new Error(prepared.refusal.message);
    expect(await on.perform(call, prepared.receipt)).toMatchObject({ status: 'done' });
    expect(await on.perform(call, prepared.receipt)).toMatchObject({ status: 'done' });
    expect([...aws.state.rootTasks.values()].map(({ image }) => image)).toEqual(['ami-1']);
  });
});

describe('what goes wrong at AWS', () => {
  it('is tried again where it was throttled or broken off', async () => {
    const on = driver();
    aws.trouble({
      action: 'DescribeInstances',
      times: 1,
      how: { status: 503, code: 'RequestLimitExceeded' },
    });
    aws.trouble({ action: 'DescribeNetworkInterfaces', times: 1, how: 'hang' });
    expect(callsOf(await on.plan(uses('snapshot-disks')))).toHaveLength(1);
  });

  it.each([
    [
      'a permission that is missing is named',
      { status: 403, code: 'UnauthorizedOperation' },
      'ec2:DescribeInstances',
    ],
    ['expired credentials are said', { status: 401, code: 'RequestExpired' }, 'No credentials'],
  ])('%s, and the step becomes one for a person, with the ids filled in', async (_title, how, said) => {
    aws.trouble({ action: 'DescribeInstances', times: 9, how });
    const plan = await driver().plan(uses('isolate'));
    expect(plan.operations).toEqual([]);
    expect(plan.remarks.join('\n')).toContain(said);
    const told = plan.byHand?.instructions.join('\n') ?? '';
    expect(told).toContain(
      'aws ec2 --region eu-central-1 modify-network-interface-attribute --network-interface-id eni-1',
    );
    expect(told).toContain('--groups sg-web');
    expect(plan.byHand?.record).toContain('the groups it was in');
  });

  it.each([
    ['isolate', 'DescribeInstances'],
    ['read-alerts', 'ListFindings'],
  ])('who never answers %s is given up on, and the step becomes one for a person', async (deed, action) => {
    aws.trouble({ action, times: 9, how: 'silent' });
    const plan = await driver(300).plan(uses(deed));
    expect(plan.operations).toEqual([]);
    expect(plan.remarks.join('\n')).toMatch(new RegExp(`${action} in ${REGION} could not be reached`));
    expect(plan.byHand?.instructions.join('\n')).toContain(REGION);
  });

  it('another region is said to know nothing of the instance', async () => {
    const elsewhere = { ...PLACE, instance: 'i-0000000000000dead' };
    const plan = await driver().plan(uses('isolate'), elsewhere);
    expect(plan.remarks.join('\n')).toContain('Is it another region');
  });

  it('a signature with another secret is refused, and nothing of the secret is said', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'not-the-secret-at-all';
    const plan = await driver().plan(uses('snapshot-disks'));
    expect(plan.operations).toEqual([]);
    expect(JSON.stringify(plan)).not.toContain('not-the-secret');
    expect(plan.remarks.join('\n')).toContain('No credentials');
  });

  it('no credentials at all make a step for a person', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const plan = await driver().plan(uses('snapshot-disks'));
    expect(plan.byHand?.instructions[0]).toContain(
      `create-snapshots --instance-specification InstanceId=${INSTANCE}`,
    );
    expect(aws.calls).toEqual([]);
  });

  it('an input that names another instance than the host does calls nothing', async () => {
    const plan = await driver().plan(uses('isolate', { instance: 'i-0ffffffffffffffff' }));
    expect(plan.operations).toEqual([]);
    expect(plan.remarks.join('\n')).toContain('One of them is wrong');
  });
});

it('every deed that changes what is there is refused where it is no longer as planned', async () => {
  const parameters = (deed: string) =>
    uses(deed, {
      ...{ keys: ['deploy/AKIASTOLEN'], addresses: ['203.0.113.77'], image: 'ami-1' },
    });
  const { refused, addsOnly } = await everyDeedStale(driver(), awsProvider({ firstPauseMs: 5 }), parameters);
  expect(refused).toEqual(['isolate', 'disable-keys', 're-image']);
  // These make something of their own, start a look, or are bound to an id that nobody else gets.
  expect(addsOnly).toEqual([
    ...['read-alerts', 'snapshot-disks', 'make-quarantine', 'block-addresses', 'handle-alerts', 'scan-virus'],
    ...['deep-scan', 'scan-agentless', 'revoke-role', 'back-up-daily', 'prevent-intrusion'],
  ]);
});
