import {
  type CloudAlert,
  type CloudMachine,
  type CloudQuestion,
  type CloudRequest,
  type CloudValue,
  valuesAt,
} from '../operations/cloud.ts';
import { QUARANTINE_GROUP, SHED_GROUP } from '../operations/cloud-names.ts';
import { type KeyListing, readKeys } from './keys.ts';
import { CloudError } from './provider.ts';

type CallAws = (request: CloudRequest) => Promise<CloudValue>;

/** What AWS says of an instance, of its groups and who else is in them, and of the keys asked for. Reads only. */
export async function readAwsMachine(
  question: CloudQuestion,
  call: CallAws,
  ownKeyId: () => Promise<string>,
): Promise<CloudMachine> {
  const { instance, region } = question;
  const ec2 = (action: string, parameters: CloudRequest['parameters']) =>
    call({ service: 'ec2', action, region, parameters });
  const described = await ec2('DescribeInstances', { InstanceIds: [instance] });
  const at = (path: string) => valuesAt(described, `Reservations[].Instances[].${path}`);
  if (at('InstanceId')[0] !== instance)
    throw new CloudError('missing', 'InvalidInstanceID.NotFound', `There is no ${instance} in ${region}.`);
  const network = at('VpcId')[0] ?? '';
  const interfaces = at('NetworkInterfaces[].NetworkInterfaceId').map((id) => {
    const groups = at(`NetworkInterfaces[NetworkInterfaceId=${id}].Groups[].GroupId`);
    return { id, groups };
  });
  const ids = [...new Set(interfaces.flatMap(({ groups }) => groups))];
  const names = new Map(
    ids.map((id) => [id, at(`NetworkInterfaces[].Groups[GroupId=${id}].GroupName`)[0] ?? '']),
  );
  const groups = await Promise.all(
    ids.map(async (id) => {
      const members = await ec2('DescribeNetworkInterfaces', {
        Filters: [{ Name: 'group-id', Values: [id] }],
      });
      const others = [
        ...valuesAt(members, 'NetworkInterfaces[].Attachment.InstanceId'),
        // Load balancers, databases and the like have no instance of one's own.
        ...valuesAt(members, 'NetworkInterfaces[InterfaceType=interface].RequesterId'),
      ].filter((one) => one !== instance);
      return { id, name: names.get(id) ?? '', others: [...new Set(others)] };
    }),
  );
  const quarantine = await ownGroup(ec2, network, QUARANTINE_GROUP);
  const shed = await ownGroup(ec2, network, SHED_GROUP);
  return {
    name: at('Tags[Key=Name].Value')[0] ?? '',
    addresses: at('NetworkInterfaces[].PrivateIpAddress').concat(at('PublicIpAddress')),
    network,
    disks: at('BlockDeviceMappings[].Ebs.VolumeId').map((id, index) => {
      const device = at('BlockDeviceMappings[].DeviceName')[index] ?? '';
      return { id, device, isSystem: device === at('RootDeviceName')[0] };
    }),
    interfaces,
    groups,
    quarantine,
    shed,
    role: await roleOf(call, region, at('IamInstanceProfile.Arn')[0]),
    keys: await readKeys(question, KEYS, call, ownKeyId),
    scannedAs: null,
    locks: [],
    alerts: question.wants.includes('alerts') ? await findingsOf(question, call) : [],
    account: valuesAt(described, 'Reservations[].OwnerId')[0] ?? '',
  };
}

const MOST_FINDINGS = 50;

/**
 * GuardDuty's findings of the instance that nobody has archived; the id begins with that of the detector, as every call
 * about a finding wants both. https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListFindings.html
 */
async function findingsOf(
  { instance, region }: CloudQuestion,
  call: CallAws,
): Promise<readonly CloudAlert[]> {
  const guardduty = (action: string, parameters: CloudRequest['parameters']) =>
    call({ service: 'guardduty', action, region, parameters });
  const [DetectorId] = valuesAt(await guardduty('ListDetectors', {}), 'detectorIds[]');
  if (DetectorId === undefined) return [];
  const listed = await guardduty('ListFindings', {
    DetectorId,
    FindingCriteria: {
      Criterion: {
        'resource.instanceDetails.instanceId': { Equals: [instance] },
        'service.archived': { Equals: ['false'] },
      },
    },
    SortCriteria: { AttributeName: 'severity', OrderBy: 'DESC' },
    MaxResults: MOST_FINDINGS,
  });
  const FindingIds = valuesAt(listed, 'findingIds[]');
  if (FindingIds.length === 0) return [];
  const told = await guardduty('GetFindings', { DetectorId, FindingIds });
  return valuesAt(told, 'findings[].id').map((id) => {
    const [type = ''] = valuesAt(told, `findings[id=${id}].type`);
    const [name = type] = valuesAt(told, `findings[id=${id}].title`);
    return { id: `${DetectorId}/${id}`, name, type, isMining: /crypto|bitcoin/i.test(`${type} ${name}`) };
  });
}

async function ownGroup(
  ec2: (action: string, parameters: CloudRequest['parameters']) => Promise<CloudValue>,
  network: string,
  name: string,
): Promise<string | null> {
  const Filters = [
    { Name: 'group-name', Values: [name] },
    { Name: 'vpc-id', Values: [network] },
  ];
  return valuesAt(await ec2('DescribeSecurityGroups', { Filters }), 'SecurityGroups[0].GroupId')[0] ?? null;
}

/** The role in the instance's profile: an instance names the profile, which may have another name than its role. */
async function roleOf(call: CallAws, region: string, arn: string | undefined): Promise<string | null> {
  const profile = arn?.split('/').at(-1);
  if (profile === undefined) return null;
  try {
    const parameters = { InstanceProfileName: profile };
    const answer = await call({ service: 'iam', action: 'GetInstanceProfile', region, parameters });
    return valuesAt(answer, 'InstanceProfile.Roles[0].RoleName')[0] ?? null;
  } catch (error) {
    // Who may see machines may often not see roles; then the profile's name is all there is.
    if (error instanceof CloudError && error.kind === 'permission') return profile;
    throw error;
  }
}

const KEYS: KeyListing = {
  service: 'iam',
  statusAt: (id) => `AccessKeyMetadata[AccessKeyId=${id}].Status`,
};
