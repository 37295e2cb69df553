import { QUARANTINE_GROUP } from '../operations/cloud-names.ts';
import { shellQuote } from '../operations/shell-quote.ts';
import { type KnownByHand, told } from './by-hand-known.ts';
import type { CloudDeed } from './cloud-deed.ts';

/** What a person clicks or types at AWS. */
export function byHandAtAws(
  deed: CloudDeed,
  { instance, region, interfaces, groups, role, keys }: KnownByHand,
) {
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
    case 'back-up-daily':
      return told(
        [`AWS Backup: a daily plan, kept 7 days or more, for ${instance} and for what takes its place.`],
        ['the plan and what it covers'],
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
