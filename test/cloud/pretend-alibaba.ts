/**
 * ECS, Security Center and RAM as far as the product calls them: the RPC style with JSON answers (shapes as on
 * https://api.aliyun.com/document), signatures checked, state kept, snapshots and scans that take time.
 */
import { alibabaSignatureFault } from './alibaba-signature.ts';
import { type MachineState, machineDeeds, machineState } from './pretend-alibaba-more.ts';
import { type Answer, type PretendCloud, serveCloud } from './pretend-cloud.ts';

export const ALIBABA_KEY = { keyId: 'LTAI5tEXAMPLEexample', secret: 'exampleSecretOfAnAccessKey0000' };
export const REGION = 'cn-hangzhou';
export const INSTANCE = 'i-bp1exampleinstance';
export const UUID = '50d213b4-1111-2222-3333-9b1f00000000';

interface Group {
  readonly name: string;
  readonly rules: string[];
  inner: string;
}

export interface AlibabaState extends MachineState {
  readonly groups: Map<string, Group>;
  /** Instance → groups. */
  readonly members: Map<string, string[]>;
  readonly snapshots: Map<string, { readonly name: string; readonly disk: string; looks: number }>;
  readonly keys: Map<string, string>;
  readonly alerts: Map<string, { name: string; type: string; status: string; how: string }>;
  scans: number;
  /** Client token → what was made with it. */
  readonly tokens: Map<string, string>;
  /** Name of the policy, and the disks it holds for. */
  readonly policies: Map<string, string[]>;
  isScanned: boolean;
}

type Query = URLSearchParams;
type Deed = (query: Query, state: AlibabaState) => Answer;
let made = 0;

export async function startAlibaba(): Promise<PretendCloud & { readonly state: AlibabaState }> {
  const state: AlibabaState = {
    groups: new Map([
      ['sg-web', { name: 'web', rules: ['in 0.0.0.0/0'], inner: 'Accept' }],
      ['sg-ops', { name: 'ops', rules: [], inner: 'Accept' }],
    ]),
    members: new Map([
      [INSTANCE, ['sg-web', 'sg-ops']],
      ['i-other', ['sg-web']],
    ]),
    snapshots: new Map(),
    keys: new Map([
      ['deploy/LTAISTOLEN', 'Active'],
      [`ana/${ALIBABA_KEY.keyId}`, 'Active'],
    ]),
    alerts: new Map([
      ['101', { name: 'Mining program', type: 'Malicious process', status: '', how: '' }],
      ['102', { name: 'Mining pool communication', type: 'Unusual network connection', status: '', how: '' }],
      ['103', { name: 'Suspicious scheduled task', type: 'Abnormal process behavior', status: '', how: '' }],
    ]),
    scans: 0,
    tokens: new Map(),
    policies: new Map(),
    isScanned: true,
    ...machineState(),
  };
  const cloud = await serveCloud((request, body, trouble) => {
    const action = String(request.headers['x-acs-action'] ?? '');
    const how = trouble(action);
    if (how === 'hang' || how === 'silent') return how;
    if (how !== null) return fault(how.status, how.code, 'as it was told to');
    const wrong = alibabaSignatureFault(request, body, ALIBABA_KEY);
    if (wrong !== null) return fault(400, 'SignatureDoesNotMatch', wrong);
    const query = new URL(request.url ?? '/', 'http://host').searchParams;
    for (const [name, value] of new URLSearchParams(body)) query.append(name, value);
    if (VERSIONS[String(request.headers['x-acs-version'])]?.includes(action) !== true)
      return fault(404, 'InvalidAction.NotFound', action);
    const region = query.get(
      /^(?:Create|Apply|Cancel|Delete)AutoSnapshotPolicy$/.test(action) ? 'regionId' : 'RegionId',
    );
    if (!/AccessKey|IPSConfig/.test(action) && region !== REGION)
      return fault(404, 'InvalidRegionId.NotFound', 'elsewhere');
    return deeds[action]?.(query, state) ?? fault(404, 'InvalidAction.NotFound', action);
  });
  return { ...cloud, state };
}

const deeds: Readonly<Record<string, Deed>> = {
  DescribeInstances(query, state) {
    const { members } = state;
    // Each look brings it on.
    if (query.has('InstanceIds')) state.status = NEXT_STATUS[state.status] ?? state.status;
    const wanted = query.get('InstanceIds');
    const group = query.get('SecurityGroupId');
    const ids = wanted === null ? [...members.keys()] : (JSON.parse(wanted) as string[]);
    const list = ids
      .filter((id) => members.has(id) && (group === null || members.get(id)?.includes(group)))
      .map((id) => ({
        InstanceId: id,
        InstanceName: id === INSTANCE ? 'web-07' : 'other',
        VpcAttributes: { VpcId: 'vpc-1', PrivateIpAddress: { IpAddress: ['10.0.0.7'] } },
        PublicIpAddress: { IpAddress: ['203.0.113.7'] },
        EipAddress: { IpAddress: '' },
        SecurityGroupIds: { SecurityGroupId: members.get(id) },
        NetworkInterfaces: { NetworkInterface: [{ NetworkInterfaceId: 'eni-1' }] },
        Status: state.status,
        RamRoleName: state.role,
        OperationLocks: { LockReason: state.locks.map((LockReason) => ({ LockReason })) },
      }));
    return json({ Instances: { Instance: list }, TotalCount: list.length });
  },
  DescribeDisks: (_query, { systemDisk, image }) =>
    json({
      Disks: {
        Disk: [
          {
            ...{ DiskId: systemDisk, Device: '/dev/xvda', Type: 'system', ImageId: image },
            AutoSnapshotPolicyId: '',
          },
          { DiskId: 'd-data', Device: '/dev/xvdb', Type: 'data', AutoSnapshotPolicyId: 'sp-theirs' },
        ],
      },
    }),
  DescribeSecurityGroups(query, { groups }) {
    const id = query.get('SecurityGroupId');
    const name = query.get('SecurityGroupName');
    const list = [...groups]
      .filter(
        ([each, group]) => (id === null || each === id) && (name === null || group.name.startsWith(name)),
      )
      .map(([SecurityGroupId, group]) => ({ SecurityGroupId, SecurityGroupName: group.name }));
    return json({ SecurityGroups: { SecurityGroup: list } });
  },
  CreateSecurityGroup(query, state) {
    const { groups } = state;
    const SecurityGroupId = `sg-new-${++made}`;
    const token = query.get('ClientToken') ?? '';
    // Asked twice with the same token, it is done once.
    const known = state.tokens.get(token);
    if (known !== undefined) return json({ SecurityGroupId: known });
    if (token !== '') state.tokens.set(token, SecurityGroupId);
    groups.set(SecurityGroupId, { name: query.get('SecurityGroupName') ?? '', rules: [], inner: 'Accept' });
    return json({ SecurityGroupId });
  },
  ModifySecurityGroupPolicy(query, { groups }) {
    const group = groups.get(query.get('SecurityGroupId') ?? '');
    if (group === undefined) return fault(404, 'InvalidSecurityGroupId.NotFound', '');
    group.inner = query.get('InnerAccessPolicy') ?? '';
    return json({});
  },
  AuthorizeSecurityGroup: (query, state) => authorize('in', query, state),
  AuthorizeSecurityGroupEgress: (query, state) => authorize('out', query, state),
  DeleteSecurityGroup(query, { groups, members }) {
    const id = query.get('SecurityGroupId') ?? '';
    if ([...members.values()].some((list) => list.includes(id)))
      return fault(403, 'DependencyViolation', 'in use');
    return groups.delete(id) ? json({}) : fault(404, 'InvalidSecurityGroupId.NotFound', id);
  },
  JoinSecurityGroup(query, { members }) {
    const list = members.get(query.get('InstanceId') ?? '');
    const id = query.get('SecurityGroupId') ?? '';
    if (list?.includes(id)) return fault(403, 'InvalidInstanceId.AlreadyExists', id);
    list?.push(id);
    return json({});
  },
  LeaveSecurityGroup(query, { members }) {
    const list = members.get(query.get('InstanceId') ?? '') ?? [];
    if (list.length < 2) return fault(403, 'InstanceLastSecurityGroup', 'it must be in one');
    list.splice(list.indexOf(query.get('SecurityGroupId') ?? ''), 1);
    return json({});
  },
  CreateSnapshot(query, { snapshots }) {
    const SnapshotId = `s-${++made}`;
    const name = query.get('SnapshotName') ?? '';
    snapshots.set(SnapshotId, { name, disk: query.get('DiskId') ?? '', looks: 0 });
    return json({ SnapshotId });
  },
  DescribeSnapshots(query, { snapshots }) {
    const list = [...snapshots]
      .filter(([, each]) => query.get('InstanceId') === INSTANCE && each.name === query.get('SnapshotName'))
      .map(([SnapshotId, each]) => {
        const isDone = ++each.looks > 2;
        return {
          SnapshotId,
          SourceDiskId: each.disk,
          Status: isDone ? 'accomplished' : 'progressing',
          Progress: isDone ? '100%' : '42%',
        };
      });
    return json({ Snapshots: { Snapshot: list } });
  },
  CreateAutoSnapshotPolicy(query, { policies }) {
    const days = JSON.parse(query.get('repeatWeekdays') ?? '[]') as unknown[];
    if (days.length !== 7 || query.get('retentionDays') !== '7')
      return fault(400, 'InvalidParameter', 'when?');
    policies.set(query.get('autoSnapshotPolicyName') ?? '', []);
    return json({ AutoSnapshotPolicyId: `sp-${query.get('autoSnapshotPolicyName')}` });
  },
  ApplyAutoSnapshotPolicy(query, { policies }) {
    const disks = policies.get((query.get('autoSnapshotPolicyId') ?? '').replace(/^sp-/, ''));
    disks?.push(...(JSON.parse(query.get('diskIds') ?? '[]') as string[]));
    return disks === undefined ? fault(404, 'InvalidAutoSnapshotPolicyId.NotFound', '') : json({});
  },
  CancelAutoSnapshotPolicy(query, { policies }) {
    const gone = JSON.parse(query.get('diskIds') ?? '[]') as string[];
    for (const disks of policies.values())
      disks.splice(0, disks.length, ...disks.filter((id) => !gone.includes(id)));
    return json({});
  },
  DeleteAutoSnapshotPolicy: (query, { policies }) =>
    policies.delete((query.get('autoSnapshotPolicyId') ?? '').replace(/^sp-/, ''))
      ? json({})
      : fault(404, 'InvalidAutoSnapshotPolicyId.NotFound', ''),
  DescribeAutoSnapshotPolicyEx(query, { policies }) {
    const list = [...policies]
      .filter(([name]) => name === query.get('AutoSnapshotPolicyName'))
      .map(([name, disks]) => ({
        ...{ AutoSnapshotPolicyName: name, AutoSnapshotPolicyId: `sp-${name}`, DiskNums: disks.length },
      }));
    return json({ AutoSnapshotPolicies: { AutoSnapshotPolicy: list } });
  },
  DeleteSnapshot: (query, { snapshots }) =>
    snapshots.delete(query.get('SnapshotId') ?? '') ? json({}) : fault(404, 'InvalidSnapshotId.NotFound', ''),
  DescribeCloudCenterInstances: (_query, { isScanned }) =>
    json({ Instances: isScanned ? [{ InstanceId: INSTANCE, Uuid: UUID }] : [] }),
  DescribeSuspEvents(query, { alerts }) {
    if (query.get('Uuids') !== UUID) return json({ SuspEvents: [] });
    const list = [...alerts]
      .filter(([, { status }]) => status === '')
      .map(([id, { name, type }]) => ({
        ...{ Id: Number(id), AlarmEventNameDisplay: name, AlarmEventTypeDisplay: type },
      }));
    return json({ SuspEvents: list, TotalCount: list.length });
  },
  HandleSecurityEvents(query, { alerts }) {
    const alert = alerts.get(query.get('SecurityEventIds.1') ?? '');
    if (alert === undefined) return fault(400, 'IllegalParam', 'no such event');
    alert.status = 'Processing';
    alert.how = [query.get('OperationCode'), query.get('OperationParams'), query.get('MarkBatch')].join(' ');
    return json({ HandleSecurityEventsResponse: { TaskId: 7 } });
  },
  DescribeSecurityEventOperationStatus(query, { alerts }) {
    const id = query.get('SecurityEventIds.1') ?? '';
    const alert = alerts.get(id);
    const statuses = alert?.status ? [{ SecurityEventId: id, Status: alert.status }] : [];
    if (alert?.status === 'Processing') alert.status = 'Success';
    return json({ SecurityEventOperationStatusResponse: { SecurityEventOperationStatuses: statuses } });
  },
  StartVirusScanTask(query, state) {
    const [target] = JSON.parse(query.get('TargetInfo') ?? '[]') as { target?: string }[];
    if (target?.target !== UUID) return fault(400, 'IllegalParam', 'no such asset');
    state.scans = 1;
    return json({ ScanTaskId: 282832 });
  },
  DescribeScanTaskProgress(query, state) {
    if (query.get('TaskId') !== '282832') return fault(400, 'IllegalParam', 'no such task');
    return json({ ScanTaskProgress: ++state.scans > 3 ? 'Success' : 'Processing' });
  },
  CreateAgentlessScanTask: (query) =>
    query.get('UuidList.1') === UUID && query.get('TargetType') === '1'
      ? json({ TaskId: 'root-1' })
      : fault(400, 'IllegalParam', 'which?'),
  ListAgentlessTask(query, state) {
    if (query.get('RootTaskId') !== 'root-1') return json({ List: [] });
    const Status = ++state.scans > 2 ? 2 : 1;
    return json({ List: [{ Status }, { Status: 2 }] });
  },
  ListAccessKeys(query, { keys }) {
    const list = [...keys]
      .filter(([name]) => name.startsWith(`${query.get('UserName')}/`))
      .map(([name, Status]) => ({ AccessKeyId: name.split('/')[1], Status }));
    return json({ AccessKeys: { AccessKey: list } });
  },
  ...machineDeeds,
  UpdateAccessKey(query, { keys }) {
    keys.set(`${query.get('UserName')}/${query.get('UserAccessKeyId')}`, query.get('Status') ?? '');
    return json({});
  },
};

const NEXT_STATUS: Readonly<Record<string, string>> = { Stopping: 'Stopped', Starting: 'Running' };

const SAS = /SuspEvents|SecurityEvent|Scan|Agentless|CloudCenter|Virus/;
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  '2014-05-26': Object.keys(deeds).filter((name) => !SAS.test(name) && !/AccessKey|IPSConfig/.test(name)),
  '2017-12-07': Object.keys(deeds).filter((name) => name.includes('IPSConfig')),
  '2018-12-03': Object.keys(deeds).filter((name) => SAS.test(name)),
  '2015-05-01': Object.keys(deeds).filter((name) => name.includes('AccessKey')),
};

function authorize(way: 'in' | 'out', query: Query, { groups }: AlibabaState): Answer {
  const group = groups.get(query.get('SecurityGroupId') ?? '');
  if (group === undefined) return fault(404, 'InvalidSecurityGroupId.NotFound', '');
  for (let index = 1; query.has(`Permissions.${index}.Policy`); index++) {
    const part = (name: string) => query.get(`Permissions.${index}.${name}`) ?? '';
    // Each family and direction has parameters of its own; those of the other direction do nothing.
    const range =
      way === 'in'
        ? part('SourceCidrIp') || part('Ipv6SourceCidrIp')
        : part('DestCidrIp') || part('Ipv6DestCidrIp');
    if (range !== '')
      group.rules.push(`${way} ${part('Policy')} ${part('IpProtocol')} ${part('PortRange')} ${range}`);
  }
  return json({});
}

export function json(value: Readonly<Record<string, unknown>>): Answer {
  return { status: 200, body: JSON.stringify({ RequestId: 'R-1', ...value }), type: 'application/json' };
}

export function fault(status: number, Code: string, Message: string): Answer {
  return { status, body: JSON.stringify({ RequestId: 'R-1', Code, Message }), type: 'application/json' };
}
