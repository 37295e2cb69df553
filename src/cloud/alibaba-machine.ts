import {
  type CloudAlert,
  type CloudDisk,
  type CloudMachine,
  type CloudQuestion,
  type CloudRequest,
  type CloudValue,
  valuesAt,
} from '../operations/cloud.ts';
import { INFECTIONS_OF, INTRUSION_SWITCHES, QUARANTINE_GROUP } from '../operations/cloud-names.ts';
import { type KeyListing, readKeys } from './keys.ts';
import { CloudError } from './provider.ts';

type CallAlibaba = (request: CloudRequest) => Promise<CloudValue>;
type Ask = (action: string, parameters: CloudRequest['parameters']) => Promise<CloudValue>;

/** What Alibaba Cloud says of an instance, of its groups and who else is in them, and of Security Center's alerts. Reads only. */
export async function readAlibabaMachine(
  question: CloudQuestion,
  call: CallAlibaba,
  ownKeyId: () => Promise<string>,
): Promise<CloudMachine> {
  const { instance, region } = question;
  const ecs: Ask = (action, parameters) => call({ service: 'ecs', action, region, parameters });
  const sas: Ask = (action, parameters) => call({ service: 'sas', action, region, parameters });
  const described = await ecs('DescribeInstances', { InstanceIds: JSON.stringify([instance]) });
  const at = (path: string) => valuesAt(described, `Instances.Instance[].${path}`);
  if (at('InstanceId')[0] !== instance)
    throw new CloudError('missing', 'InvalidInstanceId.NotFound', `There is no ${instance} in ${region}.`);
  const network = at('VpcAttributes.VpcId')[0] ?? '';
  const disks = await ecs('DescribeDisks', { InstanceId: instance, PageSize: 100 });
  const ids = at('SecurityGroupIds.SecurityGroupId[]');
  const groups = await Promise.all(
    ids.map(async (id) => {
      const [members, about] = await Promise.all([
        ecs('DescribeInstances', { SecurityGroupId: id, PageSize: 100 }),
        ecs('DescribeSecurityGroups', { SecurityGroupId: id }),
      ]);
      const others = valuesAt(members, 'Instances.Instance[].InstanceId').filter((one) => one !== instance);
      return {
        id,
        name: valuesAt(about, 'SecurityGroups.SecurityGroup[0].SecurityGroupName')[0] ?? '',
        others,
      };
    }),
  );
  const ours = await ecs('DescribeSecurityGroups', {
    VpcId: network,
    SecurityGroupName: QUARANTINE_GROUP,
    PageSize: 50,
  });
  const scannedAs = await scanIdOf(sas, instance);
  return {
    name: at('InstanceName')[0] ?? '',
    addresses: at('VpcAttributes.PrivateIpAddress.IpAddress[]').concat(
      at('PublicIpAddress.IpAddress[]'),
      at('EipAddress.IpAddress').filter((address) => address !== ''),
    ),
    network,
    disks: valuesAt(disks, 'Disks.Disk[].DiskId').map((id) => diskOf(disks, id)),
    interfaces: at('NetworkInterfaces.NetworkInterface[].NetworkInterfaceId').map((id) => ({
      id,
      groups: ids,
    })),
    groups,
    // SecurityGroupName finds names that begin so too: the whole name counts.
    quarantine:
      valuesAt(
        ours,
        `SecurityGroups.SecurityGroup[SecurityGroupName=${QUARANTINE_GROUP}].SecurityGroupId`,
      )[0] ?? null,
    shed: null,
    role: at('RamRoleName')[0] ?? null,
    keys: await readKeys(question, KEYS, call, ownKeyId),
    scannedAs,
    locks: at('OperationLocks.LockReason[].LockReason'),
    alerts: question.wants.includes('alerts') && scannedAs !== null ? await alertsOf(sas, scannedAs) : [],
    ...(question.wants.includes('infections') && scannedAs !== null
      ? { infections: await infectionsOf(sas, scannedAs) }
      : {}),
    ...(question.wants.includes('intrusion-prevention')
      ? { intrusionPrevention: await intrusionPrevention(call, region) }
      : {}),
  };
}

function diskOf(disks: CloudValue, id: string): CloudDisk {
  const [device = ''] = valuesAt(disks, `Disks.Disk[DiskId=${id}].Device`);
  const [policy = ''] = valuesAt(disks, `Disks.Disk[DiskId=${id}].AutoSnapshotPolicyId`);
  const isSystem = valuesAt(disks, `Disks.Disk[DiskId=${id}].Type`)[0] === 'system';
  return { id, device, isSystem, ...(policy === '' ? {} : { policy }) };
}

/** Security Center counts servers by ids of its own; without it, or without the right to ask, null. */
async function scanIdOf(sas: Ask, instance: string): Promise<string | null> {
  try {
    const Criteria = JSON.stringify([{ name: 'instanceId', value: instance }]);
    const answer = await sas('DescribeCloudCenterInstances', { Criteria, MachineTypes: 'ecs', PageSize: 20 });
    return valuesAt(answer, `Instances[InstanceId=${instance}].Uuid`)[0] ?? null;
  } catch (error) {
    if (error instanceof CloudError && error.kind === 'permission') return null;
    throw error;
  }
}

const MOST_PAGES = 20;

async function alertsOf(sas: Ask, uuid: string): Promise<readonly CloudAlert[]> {
  const alerts: CloudAlert[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await sas('DescribeSuspEvents', {
      ...{ Uuids: uuid, Dealed: 'N', Status: '1', From: 'sas', Lang: 'en' },
      ...{ PageSize: '100', CurrentPage: String(page) },
    });
    const list = (answer as { SuspEvents?: readonly CloudValue[] } | null)?.SuspEvents ?? [];
    for (const event of list) {
      const [id] = valuesAt(event, 'Id');
      const [name = ''] = valuesAt(event, 'AlarmEventNameDisplay,AlarmEventName,EventSubType');
      const [type = ''] = valuesAt(event, 'AlarmEventTypeDisplay,AlarmEventType');
      const said = valuesAt(event, 'AlarmEventNameDisplay,AlarmEventName,EventSubType,Desc').join(' ');
      if (id !== undefined) alerts.push({ id, name, type, isMining: MINING.test(said) });
    }
    if (list.length < 100) break;
  }
  return alerts;
}

/** https://www.alibabacloud.com/help/en/security-center/developer-reference/api-sas-2018-12-03-listvirusscanmachineevent */
async function infectionsOf(sas: Ask, uuid: string): Promise<readonly string[]> {
  const answer = await sas('ListVirusScanMachineEvent', INFECTIONS_OF(uuid));
  return valuesAt(answer, 'Data[].EventName');
}

/** https://www.alibabacloud.com/help/en/cloud-firewall/cloudfirewall/developer-reference/api-cloudfw-2017-12-07-describedefaultipsconfig */
async function intrusionPrevention(
  call: CallAlibaba,
  region: string,
): Promise<Readonly<Record<string, number>>> {
  const answer = await call({
    ...{ service: 'cloudfw', action: 'DescribeDefaultIPSConfig', region },
    parameters: { Lang: 'en' },
  });
  return Object.fromEntries(
    INTRUSION_SWITCHES.flatMap((name) => {
      const [value] = valuesAt(answer, name);
      return value === undefined ? [] : [[name, Number(value)]];
    }),
  );
}

/** How Security Center speaks of it, in the two languages that its answers come in. */
const MINING = /min(?:ing|er)\b|coin|挖矿|矿池/i;

const KEYS: KeyListing = {
  service: 'ram',
  statusAt: (id) => `AccessKeys.AccessKey[AccessKeyId=${id}].Status`,
};
