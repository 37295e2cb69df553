/** The machine's life, its role, what virus scans found, and Cloud Firewall, for pretend-alibaba.ts. */
import { type AlibabaState, fault, INSTANCE, json, UUID } from './pretend-alibaba.ts';
import type { Answer } from './pretend-cloud.ts';

export interface MachineState {
  status: string;
  /** Why the cloud itself has stopped it. */
  readonly locks: string[];
  role: string;
  systemDisk: string;
  image: string;
  keyPair: string;
  readonly infections: string[];
  /** RunMode and the other switches of intrusion prevention. */
  readonly prevention: Record<string, number>;
}

export function machineState(): MachineState {
  return {
    ...{
      status: 'Running',
      locks: [],
      role: 'web-role',
      systemDisk: 'd-system',
      image: 'm-old',
      keyPair: '',
    },
    infections: ['Mining program', 'Suspicious start entry'],
    prevention: { RunMode: 0, BasicRules: 1, PatchRules: 0, CtiRules: 0, RuleClass: 1 },
  };
}

type Deed = (query: URLSearchParams, state: AlibabaState) => Answer;

export const machineDeeds: Readonly<Record<string, Deed>> = {
  StopInstance(query, state) {
    if (query.get('InstanceId') !== INSTANCE) return fault(404, 'InvalidInstanceId.NotFound', '');
    if (state.status !== 'Running') return fault(403, 'IncorrectInstanceStatus', state.status);
    state.status = 'Stopping';
    return json({});
  },
  StartInstance(_query, state) {
    if (state.locks.includes('security')) return fault(403, 'InstanceLockedForSecurity', 'locked');
    if (state.status !== 'Stopped') return fault(403, 'IncorrectInstanceStatus', state.status);
    state.status = 'Starting';
    return json({});
  },
  ReplaceSystemDisk(query, state) {
    if (state.status !== 'Stopped') return fault(403, 'IncorrectInstanceStatus', state.status);
    const image = query.get('ImageId') ?? '';
    if (!image.startsWith('m-') && !image.startsWith('aliyun_'))
      return fault(404, 'InvalidImageId.NotFound', image);
    state.image = image;
    state.keyPair = query.get('KeyPairName') ?? '';
    state.systemDisk = `${state.systemDisk}-new`;
    return json({ DiskId: state.systemDisk });
  },
  DescribeInstanceRamRole: (_query, { role }) =>
    json({
      InstanceRamRoleSets: { InstanceRamRoleSet: [{ InstanceId: INSTANCE, RamRoleName: role }] },
    }),
  DetachInstanceRamRole(query, state) {
    if (query.get('RamRoleName') !== state.role) return fault(404, 'InvalidRamRole.NotFound', '');
    state.role = '';
    return json({});
  },
  AttachInstanceRamRole(query, state) {
    state.role = query.get('RamRoleName') ?? '';
    return json({});
  },
  ListVirusScanMachineEvent(query, { infections }) {
    if (query.get('Uuid') !== UUID) return fault(400, 'IllegalParam', 'no such server');
    return json({
      Data: infections.map((EventName, index) => ({ EventId: index + 1, EventName, Level: 'serious' })),
      PageInfo: { TotalCount: infections.length },
    });
  },
  OperateVirusEvents(query, { infections }) {
    const [range] = JSON.parse(query.get('OperationRange') ?? '[]') as { type: string; list: string[] }[];
    if (query.get('OperationCode') !== 'default' || query.get('OperationAll') !== '0')
      return fault(400, 'IllegalParam', 'how?');
    if (range?.type !== 'machine' || range.list[0] !== UUID) return fault(400, 'IllegalParam', 'which?');
    infections.splice(0);
    return json({ TaskId: 233886 });
  },
  DescribeDefaultIPSConfig: (_query, { prevention }) => json({ ...prevention, MaxSdl: 10 }),
  ModifyDefaultIPSConfig(query, { prevention }) {
    if (!query.has('RunMode')) return fault(400, 'ErrorParameters', 'RunMode is required');
    for (const name of Object.keys(prevention))
      if (query.has(name)) prevention[name] = Number(query.get(name));
    return json({});
  },
};
