import type { CloudRequest, CloudValue } from '../operations/cloud.ts';
import { QUARANTINE_GROUP, SHED_GROUP } from '../operations/cloud-names.ts';
import { base, call } from './aws-call.ts';
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

function ownGroup(name: string, { facts, machine }: DeedInput): CloudRequest {
  return call('ec2', 'DescribeSecurityGroups', facts.region, {
    Filters: [
      { Name: 'group-name', Values: [name] },
      { Name: 'vpc-id', Values: [machine.network] },
    ],
  });
}

function createGroup(name: string, about: string, { facts, machine }: DeedInput): CloudRequest {
  return call('ec2', 'CreateSecurityGroup', facts.region, {
    GroupName: name,
    Description: about,
    VpcId: machine.network,
  });
}

/** A new group lets everything out (https://docs.aws.amazon.com/vpc/latest/userguide/creating-security-groups.html): that rule goes. */
export function quarantineGroup(input: DeedInput): CallTarget {
  const { facts, machine, allow, port } = input;
  const GroupId = { $result: 'GroupId' };
  const v4 = allow.filter((range) => !range.includes(':'));
  const v6 = allow.filter((range) => range.includes(':'));
  const login: CloudValue = {
    ...{ IpProtocol: 'tcp', FromPort: port, ToPort: port },
    ...(v4.length === 0 ? {} : { IpRanges: v4.map((CidrIp) => ({ CidrIp })) }),
    ...(v6.length === 0 ? {} : { Ipv6Ranges: v6.map((CidrIpv6) => ({ CidrIpv6 })) }),
  };
  return {
    ...base('reversible', SHORT_WAIT_MS),
    title: `Make ${QUARANTINE_GROUP} in ${machine.network}: ${letIn(input)}, nothing out`,
    requests: [
      createGroup(QUARANTINE_GROUP, 'Machines under investigation: nothing out', input),
      call('ec2', 'RevokeSecurityGroupEgress', facts.region, {
        GroupId,
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
      ...(allow.length === 0
        ? []
        : [call('ec2', 'AuthorizeSecurityGroupIngress', facts.region, { GroupId, IpPermissions: [login] })]),
    ],
    after: {
      request: ownGroup(QUARANTINE_GROUP, input),
      at: 'SecurityGroups[].GroupName,SecurityGroups[].IpPermissions[].IpRanges[].CidrIp,SecurityGroups[].IpPermissions[].Ipv6Ranges[].CidrIpv6,SecurityGroups[].IpPermissionsEgress[].IpProtocol',
      is: [QUARANTINE_GROUP, ...allow],
    },
    undo: [
      call('ec2', 'DeleteSecurityGroup', facts.region, { GroupId: { $after: 'SecurityGroups[0].GroupId' } }),
    ],
    undoNote: 'Deletes the group; AWS refuses that while a machine is in it.',
  };
}

export function shedGroup(input: DeedInput): CallTarget {
  const { region } = input.facts;
  return {
    ...base('reversible', SHORT_WAIT_MS),
    title: `Make ${SHED_GROUP} in ${input.machine.network}: everything in and out, for the moment of moving`,
    requests: [
      createGroup(SHED_GROUP, 'Everything in and out, for a moment: sheds tracked connections', input),
      call('ec2', 'AuthorizeSecurityGroupIngress', region, {
        GroupId: { $result: 'GroupId' },
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    ],
    after: {
      request: ownGroup(SHED_GROUP, input),
      at: 'SecurityGroups[].GroupName,SecurityGroups[].IpPermissions[].IpProtocol,SecurityGroups[].IpPermissionsEgress[].IpRanges[].CidrIp',
      is: [SHED_GROUP, '-1', '0.0.0.0/0'],
    },
    undo: [call('ec2', 'DeleteSecurityGroup', region, { GroupId: { $after: 'SecurityGroups[0].GroupId' } })],
    undoNote: 'Deletes the group; AWS refuses that while a machine is in it.',
  };
}

/**
 * Through a group that lets everything through into one that lets nothing: the first makes AWS forget the connections that
 * it tracks, which otherwise go on (docs.aws.amazon.com: “Security group connection tracking”; the order is that of the
 * runbook AWSSupport-ContainEC2Instance).
 */
export function isolate(input: DeedInput) {
  const { machine, facts } = input;
  const { quarantine, shed } = machine;
  if (quarantine === null)
    return nothing('There is no quarantine group in its network yet: the step that makes it comes first.');
  const moved = machine.interfaces.filter(({ groups }) => groups.join() !== quarantine);
  return planOf(
    moved.map(({ id, groups }): CallTarget => {
      const into = (list: readonly string[]) =>
        call('ec2', 'ModifyNetworkInterfaceAttribute', facts.region, {
          NetworkInterfaceId: id,
          Groups: list,
        });
      const request = call('ec2', 'DescribeNetworkInterfaces', facts.region, { NetworkInterfaceIds: [id] });
      const at = 'NetworkInterfaces[0].Groups[].GroupId';
      return {
        ...base('disruptive', SHORT_WAIT_MS),
        title: `Move ${id} of ${facts.instance} from ${groups.join(', ')} into ${quarantine}`,
        before: [{ request, at, is: groups }],
        requests: [...(shed === null ? [] : [into([shed])]), into([quarantine])],
        after: { request, at, is: [quarantine] },
        undo: [into(groups)],
        undoNote: `Moves it back into ${groups.join(', ')}.`,
      };
    }),
    'each interface is in the quarantine group and in no other',
    [
      ...sharedWith(machine),
      ownConnectionRemark(input, 'the Session Manager or the machine’s serial line'),
      shed === null
        ? 'Connections that are open now go on until they end by themselves.'
        : 'For a moment everything is let through: that is what makes AWS forget the connections that are open now.',
    ],
  );
}
