import type { CalledCloud, CloudFacts, CloudPlace } from '../operations/cloud.ts';
import { QUARANTINE_GROUP } from '../operations/cloud-names.ts';
import { shellQuote } from '../operations/shell-quote.ts';
import type { ActionPlan } from './action.ts';
import type { CloudDeed } from './cloud-deed.ts';

interface Known {
  readonly instance: string;
  readonly region: string;
  readonly disks: readonly string[];
  readonly interfaces: readonly string[];
  readonly groups: readonly string[];
  readonly role: string;
  readonly keys: readonly string[];
}

/** The same step as a person does it elsewhere, with what is known of this host filled in, and what to write down. */
export function byHand(
  deed: CloudDeed,
  provider: CalledCloud,
  facts: CloudFacts | null,
  place: CloudPlace | null,
  keys: readonly string[],
): NonNullable<ActionPlan['byHand']> {
  const here = place?.provider === provider ? place : null;
  const or = (list: readonly string[] | undefined, placeholder: string) =>
    list === undefined || list.length === 0 ? [placeholder] : list.map(shellQuote);
  const known: Known = {
    instance: shellQuote(facts?.instance || here?.instance || 'INSTANCE'),
    region: shellQuote(facts?.region || here?.region || 'REGION'),
    disks: or(here?.disks, provider === 'aws' ? 'VOLUME' : 'DISK'),
    interfaces: or(here?.interfaces, 'INTERFACE'),
    groups: or(here?.securityGroups, 'OLD-GROUP'),
    role: shellQuote(here?.role ?? 'ROLE'),
    keys,
  };
  const { instructions, record } = provider === 'aws' ? aws(deed, known) : alibaba(deed, known);
  return { instructions, record };
}

function aws(deed: CloudDeed, { instance, region, interfaces, groups, role, keys }: Known) {
  const ec2 = `aws ec2 --region ${region}`;
  switch (deed) {
    case 'snapshot-disks':
      return told(
        [
          `Snapshot every volume at once: ${ec2} create-snapshots --instance-specification InstanceId=${instance} --description tourniquet`,
          `Wait for each: ${ec2} wait snapshot-completed --snapshot-ids SNAPSHOT`,
        ],
        ['the ids of the snapshots'],
      );
    case 'make-quarantine':
      return told(
        [
          `Which network it is in: ${ec2} describe-instances --instance-ids ${instance} --query 'Reservations[].Instances[].VpcId'`,
          `Make a group: ${ec2} create-security-group --vpc-id VPC --group-name ${QUARANTINE_GROUP} --description 'Nothing in, nothing out'`,
          `Take its only rule away: ${ec2} revoke-security-group-egress --group-id QUARANTINE --protocol all --cidr 0.0.0.0/0`,
        ],
        ['the id of the group'],
      );
    case 'isolate':
      return told(
        [
          `Write down the groups of each interface: ${ec2} describe-network-interfaces --filters Name=attachment.instance-id,Values=${instance} --query 'NetworkInterfaces[].[NetworkInterfaceId,Groups[].GroupId]'`,
          ...interfaces.map(
            (id) =>
              `Move it into the quarantine group (never edit a group that others are in): ${ec2} modify-network-interface-attribute --network-interface-id ${id} --groups QUARANTINE`,
          ),
          `To take it back: the same with --groups ${groups.join(' ')}`,
        ],
        ['the groups it was in', 'the group it is in now'],
      );
    case 'revoke-role':
      return told(
        [
          `In the console: IAM, Roles, ${role}, “Revoke sessions”, “Revoke active sessions”.`,
          'Look through CloudTrail for what was done with its credentials meanwhile.',
        ],
        ['the role, and when its sessions were revoked'],
      );
    case 'disable-keys':
      return told(
        keys.length === 0
          ? [
              'Name the access keys that lay on the host (the step that resets keys lists them), then inactivate each: aws iam update-access-key --status Inactive --user-name USER --access-key-id KEYID',
            ]
          : keys.map((key) => {
              const [user = '', id = ''] = key.split('/');
              return `aws iam update-access-key --status Inactive --user-name ${shellQuote(user)} --access-key-id ${shellQuote(id)}`;
            }),
        ['which keys are inactive now'],
      );
    case 'handle-alerts':
    case 'scan-virus':
    case 'scan-agentless':
      return told(
        [
          `In the console: GuardDuty, Findings, for ${instance} in ${region}: CryptoCurrency:EC2/*, Backdoor:EC2/*, UnauthorizedAccess:*.`,
          `GuardDuty, Malware Protection, “Start new on-demand scan” of ${instance}.`,
        ],
        ['the findings and what became of each'],
      );
  }
}

function alibaba(deed: CloudDeed, { instance, region, disks, groups, role, keys }: Known) {
  const ecs = (action: string) => `aliyun ecs ${action} --RegionId ${region}`;
  switch (deed) {
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
        [
          `Security Center, Virus Scan, “Scan now”: quick scan, scope ${instance}.`,
          'When it is through: Process, “Deep scan”, Next, for each alert; look at the result.',
        ],
        ['what the scan found and what became of it'],
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

function told(instructions: readonly string[], record: readonly string[]) {
  return { instructions, record };
}
