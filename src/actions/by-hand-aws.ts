import { QUARANTINE_GROUP } from '../operations/cloud-names.ts';
import { shellQuote } from '../operations/shell-quote.ts';
import { type KnownByHand, told } from './by-hand-known.ts';
import type { CloudDeed } from './cloud-deed.ts';

/** What a person clicks or types at AWS. */
export function byHandAtAws(
  deed: CloudDeed,
  { instance, region, interfaces, groups, role, keys, image }: KnownByHand,
) {
  const ec2 = `aws ec2 --region ${region}`;
  const guardduty = `aws guardduty --region ${region}`;
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
    case 'read-alerts':
      return told(
        [
          `In the console: GuardDuty, Findings, for ${instance} in ${region}: CryptoCurrency:EC2/*, Backdoor:EC2/*, UnauthorizedAccess:*. Note which instances and which credentials they name.`,
          'Is there an abuse report in the account’s mail? It wants an answer within a day: say that you are at it.',
          'Look at instances in regions that you never use: stolen credentials start miners there.',
        ],
        ['which findings there are and when they came', 'instances that are not yours'],
      );
    case 'handle-alerts':
      return told(
        [
          `When all is done: GuardDuty, Findings, those of ${instance} in ${region}, Actions, Archive. A new one of the same kind then stands out.`,
        ],
        ['the findings and what became of each'],
      );
    case 'scan-virus':
    case 'deep-scan':
    case 'scan-agentless':
      return told(
        [
          `Scan its volumes: ${guardduty} start-malware-scan --resource-arn arn:aws:ec2:${region}:ACCOUNT:instance/${instance}`,
          `Wait for its end: ${guardduty} get-malware-scan --scan-id SCAN`,
        ],
        ['what the scan found'],
      );
    case 'block-addresses':
    case 'prevent-intrusion':
      return told(
        [
          'A security group of AWS cannot deny an address. Network Firewall, in front of the whole network, can: a stateful rule group that drops it.',
        ],
        ['what was blocked, and where'],
      );
    case 're-image':
      return told(
        [
          'Save data that you have looked through: no programs, schedules, keys, start files.',
          `Put a fresh root volume in its place; the one that it has is kept: ${ec2} create-replace-root-volume-task --instance-id ${instance} --image-id ${image} --no-delete-replaced-root-volume`,
          `Wait for it: ${ec2} describe-replace-root-volume-tasks --filters Name=instance-id,Values=${instance}`,
          'Patch it, and close what it came in by, before it leaves the quarantine group.',
        ],
        ['what was saved, and the image it was built from; or why it was not built anew'],
      );
  }
}
