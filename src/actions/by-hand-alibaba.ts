import { QUARANTINE_GROUP } from '../operations/cloud-names.ts';
import { shellQuote } from '../operations/shell-quote.ts';
import { type KnownByHand, told } from './by-hand-known.ts';
import type { CloudDeed } from './cloud-deed.ts';

/** What a person clicks or types at Alibaba Cloud. */
export function byHandAtAlibaba(
  deed: CloudDeed,
  { instance, region, disks, groups, role, keys, addresses, image }: KnownByHand,
) {
  const ecs = (action: string) => `aliyun ecs ${action} --RegionId ${region}`;
  switch (deed) {
    case 'read-alerts':
      return told(
        [
          `Open Security Center, Security Alerts, region ${region}: are there alerts of a mining program on ${instance}? Note their ids.`,
          `Is ${instance} shut down? Open Security Control Events and unlock it. This can be done once: a second detection locks it for good, so unlock it only when you can go on at once.`,
          'Is the Security Center client online, and the edition Anti-virus or above? If not, start the free trial or install the client; else do without its steps.',
        ],
        ['which alerts there are and when they came', 'whether it was locked, and when it was unlocked'],
      );
    case 'snapshot-disks':
      return told(
        [
          `Which disks it has: ${ecs('DescribeDisks')} --InstanceId ${instance}`,
          ...disks.map((id) => `${ecs('CreateSnapshot')} --DiskId ${id} --SnapshotName tourniquet-evidence`),
          `Wait until each is “accomplished”: ${ecs('DescribeSnapshots')} --InstanceId ${instance}`,
        ],
        ['the ids of the snapshots'],
      );
    case 'make-quarantine':
      return told(
        [
          `Which network it is in: ${ecs('DescribeInstances')} --InstanceIds '["${instance}"]'`,
          `Make a group: ${ecs('CreateSecurityGroup')} --VpcId VPC --SecurityGroupName ${QUARANTINE_GROUP}`,
          `Drop whatever goes out: ${ecs('AuthorizeSecurityGroupEgress')} --SecurityGroupId QUARANTINE --Permissions.1.Policy drop --Permissions.1.IpProtocol all --Permissions.1.PortRange=-1/-1 --Permissions.1.DestCidrIp 0.0.0.0/0`,
        ],
        ['the id of the group'],
      );
    case 'block-addresses':
      return told(
        [
          `Make a group for ${instance} alone: ${ecs('CreateSecurityGroup')} --VpcId VPC --SecurityGroupName tourniquet-block`,
          ...(addresses.length === 0 ? ['ADDRESS'] : addresses).map(
            (address) =>
              `Drop it on the way out: ${ecs('AuthorizeSecurityGroupEgress')} --SecurityGroupId GROUP --Permissions.1.Policy drop --Permissions.1.Priority 1 --Permissions.1.IpProtocol all --Permissions.1.PortRange=-1/-1 --Permissions.1.${address.includes(':') ? 'Ipv6DestCidrIp' : 'DestCidrIp'} ${shellQuote(address)}`,
          ),
          `Join it: ${ecs('JoinSecurityGroup')} --InstanceId ${instance} --SecurityGroupId GROUP`,
        ],
        ['the addresses, and the group'],
      );
    case 'isolate':
      return told(
        [
          `Write down its groups: ${ecs('DescribeInstances')} --InstanceIds '["${instance}"]'`,
          `Join the quarantine group: ${ecs('JoinSecurityGroup')} --InstanceId ${instance} --SecurityGroupId QUARANTINE`,
          ...groups.map(
            (id) =>
              `Leave the old one (never edit a group that others are in): ${ecs('LeaveSecurityGroup')} --InstanceId ${instance} --SecurityGroupId ${id}`,
          ),
          'To take it back: join the old groups, then leave the quarantine group.',
        ],
        ['the groups it was in', 'the group it is in now'],
      );
    case 'back-up-daily':
      return told(
        [
          `ECS console, region ${region}, Snapshots, Automatic Snapshot Policies: one that is daily and kept 7 days or more.`,
          `Apply it to the disks of ${instance} and of what takes its place: ${disks.join(', ')}`,
        ],
        ['the policy and the disks it is applied to'],
      );
    case 'handle-alerts':
      return told(
        [
          `In the Security Center console, region ${region}: Security Alerts, the alerts of ${instance}. Details of the mining alert: is the file yours or the intruder’s?`,
          'Alert Handling, method “Virus Scan”, tick “Process similar alerts at the same time”, Handle.',
          'For alerts about a pool or a malicious domain: “Block”.',
          'Alerts about abnormal process behaviour: look for scheduled tasks behind them and handle each.',
        ],
        ['the alerts and what became of each'],
      );
    case 'scan-virus':
      return told(
        [`Security Center, Virus Scan, “Scan now”: quick scan, scope ${instance}; wait for its end.`],
        ['what the scan found'],
      );
    case 'deep-scan':
      return told(
        [
          `Security Center, Virus Scan: for each finding of ${instance} choose Process, then Deep Scan, Next.`,
          'Wait for the result and look at the status of each alert.',
        ],
        ['what was found, and what became of each'],
      );
    case 'prevent-intrusion':
      return told(
        [
          `Cloud Firewall console, Prevention Configuration: set the IPS to Block mode; switch on Basic Protection, Virtual Patching and Threat Intelligence. Or: aliyun cloudfw ModifyDefaultIPSConfig --RunMode 1 --BasicRules 1 --PatchRules 1 --CtiRules 1`,
          `Protect the public addresses of ${instance} and of its neighbours.`,
        ],
        ['what is switched on, and how it was before'],
      );
    case 're-image':
      return told(
        [
          'Save data that you have looked through: no programs, schedules, keys, start files.',
          `Is the snapshot of each disk accomplished? ${ecs('DescribeSnapshots')} --InstanceId ${instance}`,
          `Stop it: ${ecs('StopInstance')} --InstanceId ${instance}`,
          `Build the system disk anew from an official image, with a new key pair. What was on it is gone then; the snapshot keeps it: ${ecs('ReplaceSystemDisk')} --InstanceId ${instance} --ImageId ${image} --KeyPairName KEYPAIR`,
          `Start it: ${ecs('StartInstance')} --InstanceId ${instance}`,
          'Patch it, and close what it came in by, before it gets its public address back.',
        ],
        ['what was saved, and the image it was built from; or why it was not built anew'],
      );
    case 'scan-agentless':
      return told(
        [`Security Center, Agentless Detection, “Detect now”: host ${instance}, system and data disks.`],
        ['the risks it showed'],
      );
    case 'revoke-role':
      return told(
        [
          `Detach the role: ${ecs('DetachInstanceRamRole')} --RamRoleName ${role} --InstanceIds '["${instance}"]'`,
          'Credentials of it that were fetched expire within six hours: narrow its policy until then. Look through ActionTrail for what was done with them.',
        ],
        ['the role, and when it was detached'],
      );
    case 'disable-keys':
      return told(
        keys.length === 0
          ? [
              'Name the AccessKeys that lay on the host (the step that resets keys lists them), then inactivate each: aliyun ram UpdateAccessKey --Status Inactive --UserName USER --UserAccessKeyId KEYID',
            ]
          : keys.map((key) => {
              const [user = '', id = ''] = key.split('/');
              return `aliyun ram UpdateAccessKey --Status Inactive --UserName ${shellQuote(user)} --UserAccessKeyId ${shellQuote(id)}`;
            }),
        ['which keys are inactive now'],
      );
  }
}
