import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alibabaProvider } from '../../src/cloud/alibaba.ts';
import type { CloudPlace } from '../../src/operations/cloud.ts';
import { describeOperation } from '../../src/operations/describe.ts';
import { callsOf, cloudDriver } from './cloud-driver.ts';
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

const driver = (place = PLACE) =>
  cloudDriver(alibabaProvider({ endpoint: `127.0.0.1:${alibaba.port}`, firstPauseMs: 5 }), place);
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
    const plan = await driver().plan(uses('snapshot-disks'));
    expect(plan.remarks.join('\n')).toContain('No credentials');
    expect(plan.byHand?.instructions.join('\n')).toContain('--DiskId d-system');
    expect(alibaba.calls).toEqual([]);
  });
});
