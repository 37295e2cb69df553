import { BLOCK_GROUP, QUARANTINE_GROUP } from '../operations/cloud-names.ts';
import type { ActionPlan } from './action.ts';
import { base, call, clientToken } from './alibaba-call.ts';
import {
  type CallTarget,
  type DeedInput,
  letIn,
  nothing,
  ownConnectionRemark,
  planOf,
  SHORT_WAIT_MS,
  sharedWith,
} from './cloud-deed.ts';

/**
 * Nothing comes into a new group; whatever goes out of it is dropped by a rule for each family. Egress has a call of its
 * own: the ingress one takes the same words and does something else.
 */
export function quarantineGroup(input: DeedInput): CallTarget {
  const { region, label } = input.facts;
  const { allow, port } = input;
  const { network } = input.machine;
  const everything = { IpProtocol: 'all', PortRange: '-1/-1', Policy: 'drop', Priority: '1' };
  const GroupId = { $result: 'SecurityGroupId' };
  const login = { IpProtocol: 'tcp', PortRange: `${port}/${port}`, Policy: 'accept', Priority: '1' };
  const logins = allow.map((range) =>
    range.includes(':') ? { ...login, Ipv6SourceCidrIp: range } : { ...login, SourceCidrIp: range },
  );
  const find = call('ecs', 'DescribeSecurityGroups', region, {
    VpcId: network,
    SecurityGroupName: QUARANTINE_GROUP,
    PageSize: 50,
  });
  const at = `SecurityGroups.SecurityGroup[SecurityGroupName=${QUARANTINE_GROUP}]`;
  return {
    ...base('reversible', SHORT_WAIT_MS),
    title: `Make ${QUARANTINE_GROUP} in ${network}: ${letIn(input)}, nothing out`,
    requests: [
      call('ecs', 'CreateSecurityGroup', region, {
        ...{ VpcId: network, SecurityGroupName: QUARANTINE_GROUP, SecurityGroupType: 'normal' },
        ...{ Description: 'Machines under investigation: nothing out' },
        ...{ ClientToken: clientToken(label, network) },
      }),
      // Members of a basic group reach each other unless that is taken away.
      call('ecs', 'ModifySecurityGroupPolicy', region, {
        SecurityGroupId: GroupId,
        InnerAccessPolicy: 'Drop',
      }),
      call('ecs', 'AuthorizeSecurityGroupEgress', region, {
        SecurityGroupId: GroupId,
        Permissions: [
          { ...everything, DestCidrIp: '0.0.0.0/0' },
          { ...everything, Ipv6DestCidrIp: '::/0' },
        ],
      }),
      ...(logins.length === 0
        ? []
        : [call('ecs', 'AuthorizeSecurityGroup', region, { SecurityGroupId: GroupId, Permissions: logins })]),
    ],
    after: { request: find, at: `${at}.SecurityGroupName`, is: [QUARANTINE_GROUP] },
    undo: [
      call('ecs', 'DeleteSecurityGroup', region, { SecurityGroupId: { $after: `${at}.SecurityGroupId` } }),
    ],
    undoNote: 'Deletes the group; it stays while a machine is in it.',
  };
}

/** Into the quarantine group first, then out of each other one: an instance is never in none. */
export function isolate(input: DeedInput): ActionPlan {
  const { machine, facts } = input;
  const { quarantine, groups } = machine;
  const { instance, region } = facts;
  if (quarantine === null)
    return nothing('There is no quarantine group in its network yet: the step that makes it comes first.');
  // What blocks addresses may stay: nothing gets out of the quarantine group anyway, and later it still holds.
  const stays = groups.filter(({ name }) => name.startsWith(BLOCK_GROUP)).map(({ id }) => id);
  const left = groups.map(({ id }) => id).filter((id) => id !== quarantine && !stays.includes(id));
  const join = (SecurityGroupId: string) =>
    call('ecs', 'JoinSecurityGroup', region, { SecurityGroupId, InstanceId: instance });
  const leave = (SecurityGroupId: string) =>
    call('ecs', 'LeaveSecurityGroup', region, { SecurityGroupId, InstanceId: instance });
  if (left.length === 0) return nothing(`${instance} is in ${quarantine} and in no other group.`);
  const request = call('ecs', 'DescribeInstances', region, { InstanceIds: JSON.stringify([instance]) });
  const at = 'Instances.Instance[0].SecurityGroupIds.SecurityGroupId[]';
  const isIn = groups.some(({ id }) => id === quarantine);
  return planOf(
    [
      {
        ...base('disruptive', SHORT_WAIT_MS),
        title: `Move ${instance} from ${left.join(', ')} into ${quarantine}`,
        before: [{ request, at, is: groups.map(({ id }) => id) }],
        requests: [...(isIn ? [] : [join(quarantine)]), ...left.map(leave)],
        after: { request, at, is: [quarantine, ...stays] },
        undo: [...left.map(join), ...(isIn ? [] : [leave(quarantine)])],
        undoNote: `Moves it back into ${left.join(', ')}.`,
      },
    ],
    'the instance is in the quarantine group and in no other',
    [...sharedWith(machine), ownConnectionRemark(input, 'the console’s VNC or Session Manager')],
  );
}

/** At most so many rules in one call: https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-authorizesecuritygroupegress */
const MOST_RULES = 100;

/**
 * A further group for the instance alone, out of which these addresses are dropped: the rules of all its groups count
 * together, the drop goes before what lets through, and no group that others are in is edited.
 */
export function blockAddresses({ machine, facts, addresses }: DeedInput): ActionPlan {
  const { instance, region, label } = facts;
  if (addresses.length === 0) return nothing('No address is chosen or named.');
  if (addresses.length > MOST_RULES)
    return nothing(`More than ${MOST_RULES} addresses do not go into one group: choose the worst.`);
  const SecurityGroupName = `${BLOCK_GROUP}-${label}`.replace(/[^\w.-]/g, '-').slice(0, 128);
  const dropped = { IpProtocol: 'all', PortRange: '-1/-1', Policy: 'drop', Priority: '1' };
  const SecurityGroupId = { $result: 'SecurityGroupId' };
  const member = { SecurityGroupId, InstanceId: instance };
  return planOf(
    [
      {
        ...base('reversible', SHORT_WAIT_MS),
        title: `Drop ${addresses.join(', ')} on the way out of ${instance}, by the group ${SecurityGroupName}`,
        requests: [
          call('ecs', 'CreateSecurityGroup', region, {
            ...{ VpcId: machine.network, SecurityGroupName, SecurityGroupType: 'normal' },
            ...{ Description: 'Drops what a miner talks to', ClientToken: clientToken(label, 'block') },
          }),
          call('ecs', 'ModifySecurityGroupPolicy', region, { SecurityGroupId, InnerAccessPolicy: 'Drop' }),
          call('ecs', 'AuthorizeSecurityGroupEgress', region, {
            SecurityGroupId,
            Permissions: addresses.map((address) =>
              address.includes(':')
                ? { ...dropped, Ipv6DestCidrIp: `${address}/128` }
                : { ...dropped, DestCidrIp: `${address}/32` },
            ),
          }),
          call('ecs', 'JoinSecurityGroup', region, member),
        ],
        after: {
          request: call('ecs', 'DescribeInstances', region, { SecurityGroupId, PageSize: 100 }),
          at: 'Instances.Instance[].InstanceId',
          is: [instance],
        },
        undo: [
          call('ecs', 'LeaveSecurityGroup', region, member),
          call('ecs', 'DeleteSecurityGroup', region, { SecurityGroupId }),
        ],
        undoNote: 'Takes the instance out of the group and deletes it: the addresses can be reached again.',
      },
    ],
    'the instance is in the group, and nobody else is',
    [
      'What runs on the host cannot get round this. An address is no proof by itself: do not drop one that your own services use.',
    ],
  );
}
