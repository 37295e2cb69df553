import { QUARANTINE_GROUP, REVOKE_POLICY, SHED_GROUP, TAG } from '../operations/cloud-names.ts';
import type { ActionPlan } from './action.ts';
import { base, call } from './aws-call.ts';
import { backUpDaily, reImage } from './cloud-aws-disk.ts';
import { isolate, quarantineGroup, shedGroup } from './cloud-aws-groups.ts';
import { archiveFindings, readFindings, scanMalware } from './cloud-aws-guardduty.ts';
import {
  type CallTarget,
  type DeedInput,
  type Deeds,
  leftToYou,
  nothing,
  planOf,
  SHORT_WAIT_MS,
  SNAPSHOT_WAIT_MS,
} from './cloud-deed.ts';
import { disableKeys } from './cloud-keys.ts';

/** The calls of AWS (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/ and …/IAM/latest/APIReference/). */
export const awsDeeds: Deeds = {
  'snapshot-disks': (input) =>
    planOf(input.machine.disks.length === 0 ? [] : [snapshots(input)], 'each snapshot is completed', [
      'What is on a disk counts from the moment its snapshot begins; the rest is waiting for the copy. It holds no memory.',
    ]),
  'make-quarantine': (input) => {
    const { quarantine, shed } = input.machine;
    const made = [
      ...(quarantine === null ? [quarantineGroup(input)] : []),
      ...(shed === null ? [shedGroup(input)] : []),
    ];
    return made.length === 0
      ? nothing(`${QUARANTINE_GROUP} and ${SHED_GROUP} are there already in ${input.machine.network}.`)
      : planOf(made, 'the groups are there, with exactly these rules');
  },
  isolate,
  'revoke-role': (input) => {
    const { role } = input.machine;
    if (role === null) return nothing('The instance has no role: there are no credentials of one to revoke.');
    return planOf([revokeRole(role, input)], 'the role has the policy', [
      `Whoever took credentials of ${role} before now can no longer use them. Other machines with this role are cut off too, until they fetch new ones (within minutes).`,
      'The instance can still fetch new ones: isolate it first, or take its profile away.',
    ]);
  },
  'disable-keys': (input) =>
    disableKeys(input, {
      base: base('disruptive', SHORT_WAIT_MS),
      call: (action, parameters) => call('iam', action, input.facts.region, parameters),
      idName: 'AccessKeyId',
      keysAt: 'AccessKeyMetadata',
    }),
  'back-up-daily': backUpDaily,
  'read-alerts': readFindings,
  'handle-alerts': archiveFindings,
  'scan-agentless': scanMalware,
  'scan-virus': scanMalware,
  're-image': reImage,
  'deep-scan': () => nothing('GuardDuty finds and takes nothing away: the host’s own steps do.'),
  'block-addresses': leftToAccount,
  'prevent-intrusion': leftToAccount,
};

/** A security group of AWS only lets through: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */
function leftToAccount(input: DeedInput): ActionPlan {
  return leftToYou(
    input,
    'The quarantine group lets nothing out already. Beyond that it needs a firewall for the whole network.',
  );
}

/** All at once, so that they fit each other; each is waited for. */
function snapshots({ facts, machine }: DeedInput): CallTarget {
  const { region, label, instance } = facts;
  const ids = machine.disks.map(({ id }) => id);
  const tags = [
    { Key: TAG, Value: label },
    { Key: 'Name', Value: `${TAG} ${instance}` },
  ];
  return {
    ...base('reversible', SNAPSHOT_WAIT_MS),
    title: `Snapshots of ${machine.disks.map(({ id, device }) => `${id} (${device})`).join(', ')} of ${instance}`,
    requests: [
      call('ec2', 'CreateSnapshots', region, {
        InstanceSpecification: { InstanceId: instance },
        Description: `${TAG}: evidence of ${instance}, incident ${label}`,
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: tags }],
      }),
    ],
    after: {
      request: call('ec2', 'DescribeSnapshots', region, {
        OwnerIds: ['self'],
        Filters: [
          { Name: 'volume-id', Values: ids },
          { Name: `tag:${TAG}`, Values: [label] },
        ],
      }),
      at: 'Snapshots[].State,Snapshots[].VolumeId',
      is: ['completed', ...ids],
      pending: ['pending'],
      progress: 'Snapshots[].Progress',
    },
    undo: ids.map((id) =>
      call('ec2', 'DeleteSnapshot', region, {
        SnapshotId: { $after: `Snapshots[VolumeId=${id}].SnapshotId` },
      }),
    ),
    undoNote: 'Deletes the snapshots. What they kept is lost then.',
  };
}

function revokeRole(role: string, { facts }: DeedInput): CallTarget {
  const { region, at, label } = facts;
  const PolicyName = `${REVOKE_POLICY}-${label}`.replace(/[^\w+=,.@-]/g, '-').slice(0, 128);
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: ['*'],
        Resource: ['*'],
        Condition: { DateLessThan: { 'aws:TokenIssueTime': at } },
      },
    ],
  };
  const named = { RoleName: role, PolicyName };
  return {
    ...base('disruptive', SHORT_WAIT_MS),
    title: `Revoke all credentials of role ${role} issued before ${at}`,
    requests: [call('iam', 'PutRolePolicy', region, { ...named, PolicyDocument: JSON.stringify(document) })],
    after: { request: call('iam', 'GetRolePolicy', region, named), at: 'PolicyName', is: [PolicyName] },
    undo: [call('iam', 'DeleteRolePolicy', region, named)],
    undoNote: 'Takes the policy away. Credentials that were stolen before work again until they expire.',
  };
}
