import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alibabaProvider } from '../../src/cloud/alibaba.ts';
import type { CloudPlace } from '../../src/operations/cloud.ts';
import { describeOperation } from '../../src/operations/describe.ts';
import { callsOf, cloudDriver } from './cloud-driver.ts';
import { everyDeedStale } from './every-deed-stale.ts';
import { ALIBABA_KEY, INSTANCE, REGION, startAlibaba } from './pretend-alibaba.ts';

const PLACE: CloudPlace = {
  ...{
    provider: 'alibaba',
    instance: INSTANCE,
    region: REGION,
    zone: `${REGION}-b`,
    group: null,
    name: null,
  },
  ...{ disks: ['d-system'], interfaces: ['eni-1'], securityGroups: ['sg-web'], role: null },
};
const OURS = [
  'ALIBABA_CLOUD_ACCESS_KEY_ID',
  'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  'ALIBABA_CLOUD_ECS_METADATA_DISABLED',
  'HOME',
];
const before = Object.fromEntries(OURS.map((name) => [name, process.env[name]]));

let alibaba: Awaited<ReturnType<typeof startAlibaba>>;
beforeEach(async () => {
  alibaba = await startAlibaba();
  process.env.ALIBABA_CLOUD_ACCESS_KEY_ID = ALIBABA_KEY.keyId;
  process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = ALIBABA_KEY.secret;
  process.env.ALIBABA_CLOUD_ECS_METADATA_DISABLED = 'true';
});
afterEach(async () => {
  await alibaba.close();
  for (const name of OURS) {
    const value = before[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const driver = (place = PLACE, readMs = 20_000) =>
  cloudDriver(alibabaProvider({ endpoint: `127.0.0.1:${alibaba.port}`, firstPauseMs: 5, readMs }), place);
const uses = (deed: string, more: Record<string, unknown> = {}) => ({
  provider: 'alibaba',
  do: deed,
  ...more,
});
type Planned = ReturnType<typeof callsOf>[number];
const only = ([call]: readonly Planned[]): Planned => {
  if (call === undefined) throw new Error('nothing planned');
  return call;
};

describe('a server of Alibaba Cloud', () => {
  it('has a snapshot of each disk taken, waited for with progress, and deleted by undo', async () => {
    const on = driver();
    const calls = callsOf(await on.plan(uses('snapshot-disks')));
    expect(calls).toHaveLength(1);
    expect(describeOperation(only(calls)).commands[0]).toMatch(
      /^aliyun ecs CreateSnapshot --region cn-hangzhou --DiskId d-system --SnapshotName tourniquet-web-07-20261123 /,
    );
    const receipt = await on.do(only(calls));
    expect(on.progress).toContainEqual({ done: 42, total: 100, unit: 'percent' });
    expect(await on.verify(only(calls), receipt)).toMatchObject({ status: 'holds' });
    expect([...alibaba.state.snapshots.values()].map(({ disk }) => disk)).toEqual(['d-system', 'd-data']);
    expect(await on.undo(only(calls), receipt)).toMatchObject({ status: 'done' });
    expect(alibaba.state.snapshots.size).toBe(0);
  });

  it('moves into a quarantine group and back, and no group that others are in is edited', async () => {
    const on = driver();
    const web = structuredClone(alibaba.state.groups.get('sg-web'));
    const make = only(callsOf(await on.plan(uses('make-quarantine', { allow: ['198.51.100.7'] }))));
    const made = await on.do(make);
    const quarantine = [...alibaba.state.groups.values()].find(
      ({ name }) => name === 'tourniquet-quarantine',
    );
    expect(quarantine).toEqual({
      name: 'tourniquet-quarantine',
      inner: 'Drop',
      rules: [
        'out drop all -1/-1 0.0.0.0/0',
        'out drop all -1/-1 ::/0',
        'in accept tcp 22/22 198.51.100.7/32',
      ],
    });
    const plan = await on.plan(uses('isolate'));
    expect(plan.remarks.join('\n')).toContain('sg-web (web) is left as it is: i-other is in it too.');
    const move = only(callsOf(plan));
    const receipt = await on.do(move);
    expect(alibaba.state.members.get(INSTANCE)).toHaveLength(1);
    expect(alibaba.state.members.get('i-other')).toEqual(['sg-web']);
    expect(alibaba.state.groups.get('sg-web')).toEqual(web);
    expect(await on.undo(move, receipt)).toMatchObject({ status: 'done' });
    expect(alibaba.state.members.get(INSTANCE)).toEqual(['sg-web', 'sg-ops']);
    expect(await on.undo(make, made)).toMatchObject({ status: 'done' });
    expect([...alibaba.state.groups.keys()]).toEqual(['sg-web', 'sg-ops']);
  });

  it('that could leave only some of its groups is put back into them', async () => {
    const on = driver();
    await on.do(only(callsOf(await on.plan(uses('make-quarantine')))));
    const move = only(callsOf(await on.plan(uses('isolate'))));
    alibaba.trouble({ action: 'LeaveSecurityGroup', times: 1, how: { status: 403, code: 'Forbidden.RAM' } });
    await expect(on.do(move)).rejects.toThrow(/lacks the permission ecs:LeaveSecurityGroup/);
    expect(alibaba.state.members.get(INSTANCE)?.sort()).toEqual(['sg-ops', 'sg-web']);
  });

  it('has those of its alerts handled that speak of mining, and the others shown', async () => {
    const on = driver();
    const plan = await on.plan(uses('handle-alerts'));
    expect(plan.remarks.join('\n')).toContain('103, Suspicious scheduled task (Abnormal process behavior)');
    for (const call of callsOf(plan)) await on.do(call);
    const { alerts } = alibaba.state;
    expect(alerts.get('101')).toMatchObject({
      status: 'Success',
      how: 'kill_and_quara {"subOperation":"killAndQuaraFileByMd5andPath"} true',
    });
    expect(alerts.get('102')?.how).toMatch(/^block_ip \{"expireTime":\d{13}\} true$/);
    expect(alerts.get('103')?.how).toBe('');
    const named = only(callsOf(await on.plan(uses('handle-alerts', { alerts: ['103'], similar: false }))));
    expect(describeOperation(named).risk).toBe('irreversible');
  });

  it('is scanned for viruses and without an agent, to the end of each scan', async () => {
    const on = driver();
    for (const deed of ['scan-virus', 'scan-agentless']) {
      alibaba.state.scans = 0;
      const call = only(callsOf(await on.plan(uses(deed))));
      expect(await on.verify(call, await on.do(call))).toMatchObject({ status: 'holds' });
    }
  });

  it('is backed up every night from then on, and a disk that has a policy keeps its own', async () => {
    const on = driver();
    const plan = await on.plan(uses('back-up-daily'));
    expect(plan.remarks.join('\n')).toContain('d-data has a policy already, sp-theirs');
    const call = only(callsOf(plan));
    const receipt = await on.do(call);
    expect([...alibaba.state.policies]).toEqual([[`tourniquet-daily-${INSTANCE}`, ['d-system']]]);
    expect(await on.verify(call, receipt)).toMatchObject({ status: 'holds' });
    expect(await on.undo(call, receipt)).toMatchObject({ status: 'done' });
    expect(alibaba.state.policies.size).toBe(0);
  });

  it('loses its role, and gets it again by undo', async () => {
    const on = driver();
    const call = only(callsOf(await on.plan(uses('revoke-role'))));
    const receipt = await on.do(call);
    expect(alibaba.state.role).toBe('');
    expect(await on.verify(call, receipt)).toMatchObject({ status: 'holds' });
    await on.undo(call, receipt);
    expect(alibaba.state.role).toBe('web-role');
    expect(await on.verify(call, receipt)).toMatchObject({ status: 'does-not-hold' });
  });

  it('has what virus scans found scanned deeply, until nothing of it is left', async () => {
    const on = driver();
    const call = only(callsOf(await on.plan(uses('deep-scan'))));
    expect(describeOperation(call).title).toContain('Mining program, Suspicious start entry');
    expect(describeOperation(call).risk).toBe('irreversible');
    expect(await on.verify(call, await on.do(call))).toMatchObject({ status: 'holds' });
    const again = await on.plan(uses('deep-scan'));
    expect(again.operations).toEqual([]);
  });

  it('gets intrusion prevention that blocks, and undo sets each switch as it was', async () => {
    const on = driver();
    const before = { ...alibaba.state.prevention };
    const call = only(callsOf(await on.plan(uses('prevent-intrusion'))));
    expect(describeOperation(call).title).toContain('RunMode, PatchRules, CtiRules from 0 to 1');
    const receipt = await on.do(call);
    expect(alibaba.state.prevention).toEqual({ ...before, RunMode: 1, PatchRules: 1, CtiRules: 1 });
    expect(callsOf(await on.plan(uses('prevent-intrusion')))).toEqual([]);
    expect(await on.undo(call, receipt)).toMatchObject({ status: 'done' });
    expect(alibaba.state.prevention).toEqual(before);
  });

  it('has addresses dropped by a group of its own, which isolation leaves, and which goes by undo', async () => {
    const on = driver();
    const call = only(
      callsOf(await on.plan(uses('block-addresses', { addresses: ['203.0.113.77', '2001:db8::7'] }))),
    );
    const prepared = await on.prepare(call);
    if (prepared.status === 'refused') throw new Error(prepared.refusal.message);
    const first = await on.perform(call, prepared.receipt);
    // A runner after a cut-off knows nothing of the answers before: it comes to the same.
    alibaba.state.members.get(INSTANCE)?.pop();
    const second = await on.perform(call, prepared.receipt);
    expect([first.status, second.status]).toEqual(['done', 'done']);
    const made = [...alibaba.state.groups].filter(([, { name }]) => name.startsWith('tourniquet-block'));
    expect(made).toHaveLength(1);
    expect(made[0]?.[1].rules.slice(0, 2)).toEqual([
      'out drop all -1/-1 203.0.113.77/32',
      'out drop all -1/-1 2001:db8::7/128',
    ]);
    await on.do(only(callsOf(await on.plan(uses('make-quarantine')))));
    const move = only(callsOf(await on.plan(uses('isolate'))));
    const moved = await on.do(move);
    expect(alibaba.state.members.get(INSTANCE)).toHaveLength(2);
    await on.undo(move, moved);
    expect(await on.undo(call, second.receipt)).toMatchObject({ status: 'done' });
    expect(alibaba.state.members.get(INSTANCE)?.sort()).toEqual(['sg-ops', 'sg-web']);
    expect([...alibaba.state.groups.values()].map(({ name }) => name)).not.toContain('tourniquet-block');
  });

  it('that is locked is a person’s to unlock, once, with its ids; its alerts are told', async () => {
    alibaba.state.locks.push('security');
    const plan = await driver().plan(uses('read-alerts'));
    expect(plan.operations).toEqual([]);
    const said = plan.remarks.join('\n');
    expect(said).toContain('It can be unlocked once; a second detection locks it for good.');
    expect(said).toContain('Speaks of mining: 101, Mining program');
    expect(plan.byHand?.instructions.join('\n')).toContain(
      `Is ${INSTANCE} shut down? Open Security Control Events`,
    );
    alibaba.state.locks.splice(0);
    const free = await driver().plan(uses('read-alerts'));
    expect(free.byHand).toBeUndefined();
    expect(free.remarks.join('\n')).toContain('is not locked');
  });

  it('gets a new system disk: stopped, replaced, started; a runner after a cut-off goes on where it stood', async () => {
    const on = driver();
    const plan = await on.plan(uses('re-image', { image: 'm-official', 'key-pair': 'fresh' }));
    const call = only(callsOf(plan));
    expect(describeOperation(call).risk).toBe('irreversible');
    expect(plan.remarks.join('\n')).toContain('Everything on d-system (/dev/xvda) goes.');
    alibaba.trouble({ action: 'StartInstance', times: 1, how: { status: 403, code: 'Forbidden.RAM' } });
    const prepared = await on.prepare(call);
    if (prepared.status === 'refused') throw new Error(prepared.refusal.message);
    const first = await on.perform(call, prepared.receipt);
    expect(first).toMatchObject({ status: 'failed' });
    expect(first.message).toMatch(
      /lacks the permission ecs:StartInstance.*What had been done before it stays/,
    );
    expect(await on.perform(call, prepared.receipt)).toMatchObject({ status: 'done' });
    expect(alibaba.state).toMatchObject({
      ...{ status: 'Running', image: 'm-official', keyPair: 'fresh', systemDisk: 'd-system-new' },
    });
    expect(await on.perform(call, prepared.receipt)).toMatchObject({ status: 'done' });
    const made = alibaba.calls.filter((name) => /^(?:Stop|Start|Replace)/.test(name));
    expect(made).toEqual(['StopInstance', 'ReplaceSystemDisk', 'StartInstance', 'StartInstance']);
    expect(await on.prepare(call)).toMatchObject({ status: 'refused', refusal: { code: 'stale' } });
  });

  it('keeps its system disk where nobody has said what it is to be built from: a person is told how', async () => {
    const plan = await driver().plan(uses('re-image'));
    expect(plan.operations).toEqual([]);
    expect(plan.byHand?.instructions.join('\n')).toContain(
      `ReplaceSystemDisk --RegionId ${REGION} --InstanceId ${INSTANCE} --ImageId IMAGE`,
    );
  });

  it('that Security Center does not know is said to be so, and nothing is called', async () => {
    alibaba.state.isScanned = false;
    const plan = await driver().plan(uses('scan-virus'));
    expect(plan.operations).toEqual([]);
    expect(plan.remarks.join('\n')).toContain('Security Center does not know this instance');
  });

  it('has its keys switched off and on again, but never the one that our own calls are signed with', async () => {
    const on = driver();
    const keys = ['deploy/LTAISTOLEN', `ana/${ALIBABA_KEY.keyId}`];
    const plan = await on.plan(uses('disable-keys', { keys }));
    expect(plan.remarks.join('\n')).toContain(`${ALIBABA_KEY.keyId} of ana is left`);
    const call = only(callsOf(plan));
    const receipt = await on.do(call);
    expect(alibaba.state.keys.get('deploy/LTAISTOLEN')).toBe('Inactive');
    await on.undo(call, receipt);
    expect(alibaba.state.keys.get('deploy/LTAISTOLEN')).toBe('Active');
  });
});

describe('what goes wrong at Alibaba Cloud', () => {
  it('says of a call that a lock forbids that unlocking comes first', async () => {
    alibaba.trouble({
      ...{ action: 'JoinSecurityGroup', times: 1 },
      how: { status: 403, code: 'InstanceLockedForSecurity' },
    });
    const on = driver();
    await on.do(only(callsOf(await on.plan(uses('make-quarantine')))));
    const move = only(callsOf(await on.plan(uses('isolate'))));
    await expect(on.do(move)).rejects.toThrow(/while the cloud has the machine locked/);
  });

  it('is tried again where it was throttled or broken off', async () => {
    alibaba.trouble({ action: 'DescribeInstances', times: 2, how: { status: 400, code: 'Throttling.User' } });
    alibaba.trouble({ action: 'DescribeDisks', times: 1, how: 'hang' });
    expect(callsOf(await driver().plan(uses('snapshot-disks')))).toHaveLength(1);
  });

  it('names a permission that is missing, and makes it a step for a person with the ids filled in', async () => {
    alibaba.trouble({ action: 'DescribeInstances', times: 9, how: { status: 403, code: 'Forbidden.RAM' } });
    const plan = await driver().plan(uses('isolate'));
    expect(plan.operations).toEqual([]);
    expect(plan.remarks.join('\n')).toContain('lacks the permission ecs:DescribeInstances');
    expect(plan.byHand?.instructions.join('\n')).toContain(
      `LeaveSecurityGroup --RegionId ${REGION} --InstanceId ${INSTANCE} --SecurityGroupId sg-web`,
    );
  });

  it('gives up on who never answers, says that it could not be reached, and makes it a step for a person', async () => {
    alibaba.trouble({ action: 'DescribeInstances', times: 9, how: 'silent' });
    const plan = await driver(PLACE, 300).plan(uses('isolate'));
    expect(plan.operations).toEqual([]);
    expect(plan.remarks.join('\n')).toContain('could not be reached');
    expect(plan.byHand?.instructions.join('\n')).toContain(INSTANCE);
  });

  it('a change that was broken off is not made twice: what came of it is looked up', async () => {
    const on = driver();
    const call = only(callsOf(await on.plan(uses('snapshot-disks'))));
    alibaba.trouble({ action: 'CreateSnapshot', times: 1, how: 'hang' });
    await expect(on.do(call)).rejects.toThrow(/could not be reached/);
    expect(alibaba.calls.filter((name) => name === 'CreateSnapshot')).toHaveLength(1);
  });

  it('says that another region knows nothing of it', async () => {
    const plan = await driver({ ...PLACE, region: 'cn-beijing' }).plan(uses('isolate'));
    expect(plan.remarks.join('\n')).toContain('Is it another region');
  });

  it('refuses a signature with another secret, and says nothing of the secret', async () => {
    process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = 'not-the-secret-at-all';
    const plan = await driver().plan(uses('snapshot-disks'));
    expect(plan.remarks.join('\n')).toContain('No credentials');
    expect(JSON.stringify(plan)).not.toContain('not-the-secret');
  });

  it('makes a step for a person where there are no credentials', async () => {
    delete process.env.ALIBABA_CLOUD_ACCESS_KEY_ID;
    delete process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET;
    process.env.HOME = '/nonexistent';
    const on = driver();
    for (const _ of [1, 2, 3]) {
      const plan = await on.plan(uses('snapshot-disks'));
      expect(plan.remarks.join('\n')).toContain(
        'No credentials that ecs DescribeInstances would accept. Log in',
      );
      expect(plan.byHand?.instructions.join('\n')).toContain('--DiskId d-system');
    }
    expect(alibaba.calls).toEqual([]);
    // Who logs in meanwhile is believed at the next look.
    process.env.ALIBABA_CLOUD_ACCESS_KEY_ID = ALIBABA_KEY.keyId;
    process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = ALIBABA_KEY.secret;
    expect(callsOf(await on.plan(uses('snapshot-disks')))).toHaveLength(1);
  });
});

it('every deed that changes what is there is refused where it is no longer as planned', async () => {
  const parameters = (deed: string) =>
    uses(deed, {
      ...{
        keys: ['deploy/LTAISTOLEN'],
        addresses: ['203.0.113.77'],
        image: 'm-official',
        'key-pair': 'fresh',
      },
    });
  const provider = alibabaProvider({ endpoint: `127.0.0.1:${alibaba.port}`, firstPauseMs: 5 });
  const { refused, addsOnly } = await everyDeedStale(driver(), provider, parameters);
  expect(refused).toEqual(['isolate', 'revoke-role', 'disable-keys', 're-image']);
  // These make something of their own, start a look, or are bound to an id that nobody else gets.
  expect(addsOnly).toEqual([
    ...['read-alerts', 'snapshot-disks', 'make-quarantine', 'block-addresses', 'handle-alerts', 'scan-virus'],
    ...['deep-scan', 'scan-agentless', 'back-up-daily', 'prevent-intrusion'],
  ]);
});
