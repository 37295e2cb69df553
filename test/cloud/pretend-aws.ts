/**
 * EC2 and IAM as far as the product calls them: the query protocol with XML answers (shapes as in the API references,
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/), signatures checked, state kept, snapshots that take time.
 */
import { awsSignatureFault } from './aws-signature.ts';
import { answerRest, type RestState, restActionOf, restFault, restState } from './pretend-aws-rest.ts';
import { type Answer, type PretendCloud, serveCloud } from './pretend-cloud.ts';

export const AWS_KEY = { keyId: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
export const REGION = 'eu-central-1';
export const INSTANCE = 'i-0abc1234def567890';

interface Group {
  readonly id: string;
  readonly name: string;
  ingress: string[];
  egress: string[];
}

interface Snapshot {
  readonly id: string;
  readonly volume: string;
  readonly tags: Readonly<Record<string, string>>;
  looks: number;
}

export interface AwsState extends RestState {
  readonly groups: Map<string, Group>;
  /** Interface → groups. */
  readonly interfaces: Map<string, string[]>;
  readonly snapshots: Map<string, Snapshot>;
  readonly policies: Map<string, string>;
  readonly keys: Map<string, string>;
  /** All groups that interfaces have been in, in order. */
  readonly moves: string[];
  /** `RESOURCE KEY=VALUE`. */
  readonly tags: Set<string>;
  /** By their client tokens. */
  readonly rootTasks: Map<string, { readonly id: string; readonly image: string; looks: number }>;
}

type Form = URLSearchParams;

export async function startAws(): Promise<PretendCloud & { readonly state: AwsState }> {
  const state: AwsState = {
    groups: new Map([
      ['sg-web', { id: 'sg-web', name: 'web', ingress: ['0.0.0.0/0'], egress: ['0.0.0.0/0'] }],
      ['sg-ops', { id: 'sg-ops', name: 'ops', ingress: [], egress: ['0.0.0.0/0'] }],
    ]),
    interfaces: new Map([
      ['eni-1', ['sg-web', 'sg-ops']],
      ['eni-2', ['sg-ops']],
      ['eni-other', ['sg-web']],
    ]),
    snapshots: new Map(),
    policies: new Map(),
    keys: new Map([
      ['deploy/AKIASTOLEN', 'Active'],
      ['ana/AKIAIOSFODNN7EXAMPLE', 'Active'],
    ]),
    moves: [],
    tags: new Set(),
    rootTasks: new Map(),
    ...restState(),
  };
  const cloud = await serveCloud((request, body, trouble) => {
    const url = new URL(request.url ?? '/', 'http://host');
    const restAction = restActionOf(request.method ?? '', url.pathname);
    if (restAction !== null) {
      const ill = trouble(restAction);
      if (ill === 'hang' || ill === 'silent') return ill;
      if (ill !== null) return restFault(ill.status, ill.code, 'as it was told to');
      const bad = awsSignatureFault(request, body, AWS_KEY);
      return bad === null
        ? answerRest(request.method ?? '', url, body, state)
        : restFault(403, 'SignatureDoesNotMatch', bad);
    }
    const form = new URLSearchParams(body);
    const action = form.get('Action') ?? '';
    const how = trouble(action);
    if (how === 'hang' || how === 'silent') return how;
    const isIam = form.get('Version') === '2010-05-08';
    if (how !== null) return fault(isIam, how.status, how.code, 'as it was told to');
    const wrong = awsSignatureFault(request, body, AWS_KEY);
    if (wrong !== null) return fault(isIam, 403, isIam ? 'SignatureDoesNotMatch' : 'AuthFailure', wrong);
    const deed = (isIam ? iam : ec2)[action];
    if (deed === undefined) return fault(isIam, 400, 'InvalidAction', action);
    return deed(form, state);
  });
  return { ...cloud, state };
}

type Deed = (form: Form, state: AwsState) => Answer;
let made = 0;

const ec2: Readonly<Record<string, Deed>> = {
  DescribeInstances(form, { interfaces, groups }) {
    if (form.get('InstanceId.1') !== INSTANCE)
      return fault(false, 400, 'InvalidInstanceID.NotFound', 'unknown');
    const faces = [...interfaces].filter(([id]) => id !== 'eni-other');
    return xml(
      'DescribeInstances',
      `<reservationSet><item><ownerId>123456789012</ownerId><instancesSet><item><instanceId>${INSTANCE}</instanceId><vpcId>vpc-1</vpcId><rootDeviceName>/dev/xvda</rootDeviceName>
       <ipAddress>203.0.113.7</ipAddress><tagSet><item><key>Name</key><value>web-07</value></item></tagSet>
       <iamInstanceProfile><arn>arn:aws:iam::123456789012:instance-profile/web-profile</arn></iamInstanceProfile>
       <blockDeviceMapping>${['/dev/xvda=vol-root', '/dev/sdf=vol-data']
         .map((each) => each.split('='))
         .map(
           ([name, id]) =>
             `<item><deviceName>${name}</deviceName><ebs><volumeId>${id}</volumeId></ebs></item>`,
         )
         .join('')}</blockDeviceMapping>
       <networkInterfaceSet>${faces
         .map(
           ([id, list]) =>
             `<item><networkInterfaceId>${id}</networkInterfaceId><privateIpAddress>10.0.0.7</privateIpAddress><groupSet>${groupItems(list, groups)}</groupSet></item>`,
         )
         .join('')}</networkInterfaceSet></item></instancesSet></item></reservationSet>`,
    );
  },
  CreateReplaceRootVolumeTask(form, { rootTasks }) {
    const token = form.get('ClientToken') ?? '';
    if (form.get('DeleteReplacedRootVolume') !== 'false')
      return fault(false, 400, 'InvalidParameter', 'keep it');
    const known = rootTasks.get(token);
    const task = known ?? {
      id: `replacevol-${rootTasks.size + 1}`,
      image: form.get('ImageId') ?? '',
      looks: 0,
    };
    rootTasks.set(token, task);
    return xml(
      'CreateReplaceRootVolumeTask',
      `<replaceRootVolumeTask><replaceRootVolumeTaskId>${task.id}</replaceRootVolumeTaskId><instanceId>${INSTANCE}</instanceId><taskState>pending</taskState></replaceRootVolumeTask>`,
    );
  },
  DescribeReplaceRootVolumeTasks(form, { rootTasks }) {
    const items = [...rootTasks.values()]
      .filter(({ id }) => id === form.get('ReplaceRootVolumeTaskId.1'))
      .map((task) => {
        const state = ++task.looks > 2 ? 'succeeded' : 'in-progress';
        return `<item><replaceRootVolumeTaskId>${task.id}</replaceRootVolumeTaskId><taskState>${state}</taskState></item>`;
      });
    return xml(
      'DescribeReplaceRootVolumeTasks',
      `<replaceRootVolumeTaskSet>${items.join('')}</replaceRootVolumeTaskSet>`,
    );
  },
  CreateTags(form, { tags }) {
    for (const tag of tagsIn(form)) tags.add(tag);
    return xml('CreateTags', '<return>true</return>');
  },
  DeleteTags(form, { tags }) {
    for (const tag of tagsIn(form)) tags.delete(tag);
    return xml('DeleteTags', '<return>true</return>');
  },
  DescribeNetworkInterfaces(form, { interfaces, groups }) {
    const wanted = form.get('NetworkInterfaceId.1');
    const group = form.get('Filter.1.Value.1');
    const found = [...interfaces].filter(([id, list]) =>
      wanted ? id === wanted : list.includes(String(group)),
    );
    const items = found.map(
      ([id, list]) =>
        `<item><networkInterfaceId>${id}</networkInterfaceId><attachment><instanceId>${id === 'eni-other' ? 'i-other' : INSTANCE}</instanceId></attachment><groupSet>${groupItems(list, groups)}</groupSet></item>`,
    );
    return xml('DescribeNetworkInterfaces', `<networkInterfaceSet>${items.join('')}</networkInterfaceSet>`);
  },
  DescribeSecurityGroups(form, { groups }) {
    const name = form.get('Filter.1.Value.1');
    const items = [...groups.values()]
      .filter((group) => group.name === name && form.get('Filter.2.Value.1') === 'vpc-1')
      .map(
        ({ id, ingress, egress }) =>
          `<item><groupId>${id}</groupId><groupName>${name}</groupName><ipPermissions>${rules(ingress)}</ipPermissions><ipPermissionsEgress>${rules(egress)}</ipPermissionsEgress></item>`,
      );
    return xml('DescribeSecurityGroups', `<securityGroupInfo>${items.join('')}</securityGroupInfo>`);
  },
  CreateSecurityGroup(form, { groups }) {
    const name = form.get('GroupName') ?? '';
    if ([...groups.values()].some((group) => group.name === name))
      return fault(false, 400, 'InvalidGroup.Duplicate', name);
    const id = `sg-new-${++made}`;
    groups.set(id, { id, name, ingress: [], egress: ['0.0.0.0/0'] });
    return xml('CreateSecurityGroup', `<return>true</return><groupId>${id}</groupId>`);
  },
  RevokeSecurityGroupEgress(form, { groups }) {
    const group = groups.get(form.get('GroupId') ?? '');
    const range = form.get('IpPermissions.1.IpRanges.1.CidrIp');
    if (group === undefined || form.get('IpPermissions.1.IpProtocol') !== '-1')
      return fault(false, 400, 'InvalidPermission.NotFound', 'no such rule');
    group.egress = group.egress.filter((each) => each !== range);
    return xml('RevokeSecurityGroupEgress', '<return>true</return>');
  },
  AuthorizeSecurityGroupIngress(form, { groups }) {
    groups.get(form.get('GroupId') ?? '')?.ingress.push(form.get('IpPermissions.1.IpRanges.1.CidrIp') ?? '');
    return xml('AuthorizeSecurityGroupIngress', '<return>true</return>');
  },
  DeleteSecurityGroup(form, { groups, interfaces }) {
    const id = form.get('GroupId') ?? '';
    if ([...interfaces.values()].some((list) => list.includes(id)))
      return fault(false, 400, 'DependencyViolation', 'in use');
    if (!groups.delete(id)) return fault(false, 400, 'InvalidGroup.NotFound', id);
    return xml('DeleteSecurityGroup', '<return>true</return>');
  },
  ModifyNetworkInterfaceAttribute(form, { interfaces, groups, moves }) {
    const id = form.get('NetworkInterfaceId') ?? '';
    const list = [...form].filter(([name]) => name.startsWith('SecurityGroupId.')).map(([, value]) => value);
    if (list.some((group) => !groups.has(group)))
      return fault(false, 400, 'InvalidGroup.NotFound', list.join());
    interfaces.set(id, list);
    moves.push(`${id}: ${list.map((group) => groups.get(group)?.name).join(' ')}`);
    return xml('ModifyNetworkInterfaceAttribute', '<return>true</return>');
  },
  CreateSnapshots(form, { snapshots }) {
    if (form.get('InstanceSpecification.InstanceId') !== INSTANCE)
      return fault(false, 400, 'InvalidInstanceID.NotFound', 'unknown');
    const tags: Record<string, string> = {};
    for (let index = 1; form.has(`TagSpecification.1.Tag.${index}.Key`); index++)
      tags[form.get(`TagSpecification.1.Tag.${index}.Key`) ?? ''] =
        form.get(`TagSpecification.1.Tag.${index}.Value`) ?? '';
    const items = ['vol-root', 'vol-data'].map((volume) => {
      const id = `snap-${++made}`;
      snapshots.set(id, { id, volume, tags, looks: 0 });
      return `<item><snapshotId>${id}</snapshotId><state>pending</state></item>`;
    });
    return xml('CreateSnapshots', `<snapshotSet>${items.join('')}</snapshotSet>`);
  },
  DescribeSnapshots(form, { snapshots }) {
    const volumes = [form.get('Filter.1.Value.1'), form.get('Filter.1.Value.2')];
    const tag = form.get('Filter.2.Value.1') ?? '';
    const items = [...snapshots.values()]
      .filter((each) => volumes.includes(each.volume) && each.tags.tourniquet === tag)
      .map((each) => {
        // It takes time: the first two who look see it on the way.
        const isDone = ++each.looks > 2;
        return `<item><snapshotId>${each.id}</snapshotId><volumeId>${each.volume}</volumeId><status>${isDone ? 'completed' : 'pending'}</status><progress>${isDone ? '100%' : '37%'}</progress></item>`;
      });
    return xml('DescribeSnapshots', `<snapshotSet>${items.join('')}</snapshotSet>`);
  },
  DeleteSnapshot(form, { snapshots }) {
    return snapshots.delete(form.get('SnapshotId') ?? '')
      ? xml('DeleteSnapshot', '<return>true</return>')
      : fault(false, 400, 'InvalidSnapshot.NotFound', 'unknown');
  },
};

const iam: Readonly<Record<string, Deed>> = {
  GetInstanceProfile: () =>
    iamXml(
      'GetInstanceProfile',
      '<InstanceProfile><InstanceProfileName>web-profile</InstanceProfileName><Roles><member><RoleName>web-role</RoleName></member></Roles></InstanceProfile>',
    ),
  GetRole: (form) =>
    form.get('RoleName') === 'AWSDataLifecycleManagerDefaultRole'
      ? iamXml(
          'GetRole',
          '<Role><RoleName>AWSDataLifecycleManagerDefaultRole</RoleName><Arn>arn:aws:iam::123456789012:role/AWSDataLifecycleManagerDefaultRole</Arn></Role>',
        )
      : fault(true, 404, 'NoSuchEntity', 'no such role'),
  GetRolePolicy(form, { policies }) {
    const name = `${form.get('RoleName')}/${form.get('PolicyName')}`;
    const document = policies.get(name);
    return document === undefined
      ? fault(true, 404, 'NoSuchEntity', name)
      : iamXml(
          'GetRolePolicy',
          `<RoleName>${form.get('RoleName')}</RoleName><PolicyName>${form.get('PolicyName')}</PolicyName><PolicyDocument>${encodeURIComponent(document)}</PolicyDocument>`,
        );
  },
  PutRolePolicy(form, { policies }) {
    policies.set(`${form.get('RoleName')}/${form.get('PolicyName')}`, form.get('PolicyDocument') ?? '');
    return iamXml('PutRolePolicy', '');
  },
  DeleteRolePolicy(form, { policies }) {
    policies.delete(`${form.get('RoleName')}/${form.get('PolicyName')}`);
    return iamXml('DeleteRolePolicy', '');
  },
  ListAccessKeys(form, { keys }) {
    const items = [...keys]
      .filter(([name]) => name.startsWith(`${form.get('UserName')}/`))
      .map(
        ([name, status]) =>
          `<member><UserName>${name.split('/')[0]}</UserName><AccessKeyId>${name.split('/')[1]}</AccessKeyId><Status>${status}</Status></member>`,
      );
    return iamXml(
      'ListAccessKeys',
      `<AccessKeyMetadata>${items.join('')}</AccessKeyMetadata><IsTruncated>false</IsTruncated>`,
    );
  },
  UpdateAccessKey(form, { keys }) {
    keys.set(`${form.get('UserName')}/${form.get('AccessKeyId')}`, form.get('Status') ?? '');
    return iamXml('UpdateAccessKey', '');
  },
};

function tagsIn(form: Form): readonly string[] {
  const found: string[] = [];
  for (let index = 1; form.has(`ResourceId.${index}`); index++)
    found.push(`${form.get(`ResourceId.${index}`)} ${form.get('Tag.1.Key')}=${form.get('Tag.1.Value')}`);
  return found;
}

function groupItems(list: readonly string[], groups: AwsState['groups']): string {
  return list
    .map((id) => `<item><groupId>${id}</groupId><groupName>${groups.get(id)?.name}</groupName></item>`)
    .join('');
}

function rules(ranges: readonly string[]): string {
  return ranges
    .map(
      (range) =>
        `<item><ipProtocol>-1</ipProtocol><ipRanges><item><cidrIp>${range}</cidrIp></item></ipRanges></item>`,
    )
    .join('');
}

function xml(action: string, inner: string): Answer {
  const body = `<?xml version="1.0"?><${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId>${inner}</${action}Response>`;
  return { status: 200, body, type: 'text/xml' };
}

function iamXml(action: string, inner: string): Answer {
  const body = `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result>${inner}</${action}Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${action}Response>`;
  return { status: 200, body, type: 'text/xml' };
}

function fault(isIam: boolean, status: number, code: string, message: string): Answer {
  const inner = `<Code>${code}</Code><Message>${message}</Message>`;
  const body = isIam
    ? `<ErrorResponse><Error><Type>Sender</Type>${inner}</Error><RequestId>r-1</RequestId></ErrorResponse>`
    : `<Response><Errors><Error>${inner}</Error></Errors><RequestID>r-1</RequestID></Response>`;
  return { status, body, type: 'text/xml' };
}
