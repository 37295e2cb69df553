import { TAG } from '../operations/cloud-names.ts';
import type { ActionPlan } from './action.ts';
import { base, call } from './aws-call.ts';
import { type DeedInput, leftToYou, nothing, planOf, RE_IMAGE_WAIT_MS, SHORT_WAIT_MS } from './cloud-deed.ts';

/**
 * A fresh root volume in place of the one it has, which is kept; the instance starts anew with it.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/replace-root.html
 */
export function reImage(input: DeedInput): ActionPlan {
  const { machine, facts, image } = input;
  const { instance, region, label } = facts;
  const root = machine.disks.find(({ isSystem }) => isSystem);
  if (root === undefined) return nothing(`${instance} has no root volume that could be replaced.`);
  if (image === '')
    return leftToYou(
      input,
      'Nobody has said what it is to be built from (input `image`): it is yours to do, or to leave with a reason.',
    );
  return planOf(
    [
      {
        ...base('irreversible', RE_IMAGE_WAIT_MS),
        title: `Build the root volume of ${instance} anew from ${image}, in place of ${root.id}`,
        before: [
          {
            request: call('ec2', 'DescribeInstances', region, { InstanceIds: [instance] }),
            at: `Reservations[].Instances[].BlockDeviceMappings[DeviceName=${root.device}].Ebs.VolumeId`,
            is: [root.id],
          },
        ],
        requests: [
          call('ec2', 'CreateReplaceRootVolumeTask', region, {
            ...{ InstanceId: instance, ImageId: image, DeleteReplacedRootVolume: false },
            // Asked twice with the same, EC2 does it once.
            ClientToken: `${TAG}-${label}`.replace(/[^\w-]/g, '-').slice(0, 64),
          }),
        ],
        after: {
          request: call('ec2', 'DescribeReplaceRootVolumeTasks', region, {
            ReplaceRootVolumeTaskIds: [{ $result: 'ReplaceRootVolumeTask.ReplaceRootVolumeTaskId' }],
          }),
          at: 'ReplaceRootVolumeTasks[].TaskState',
          is: ['succeeded'],
          pending: ['pending', 'in-progress'],
        },
        undo: [],
        undoNote: `${root.id} is kept, and no longer attached: what was on it can be looked at elsewhere.`,
      },
    ],
    'AWS says that the root volume is replaced',
    [
      `The image must be of the same processor kind, and without product code or with the same. ${root.id} (${root.device}) stays, detached; other volumes stay as they are.`,
      'The host starts anew: steps that need it as it is must be done before. Its key pair, role and groups stay.',
    ],
  );
}

const KEPT_SNAPSHOTS = 7;
const BACKUP_TAG = `${TAG}-daily`;

/**
 * A policy of the Data Lifecycle Manager for the volumes of this instance, which it knows by a tag.
 * https://docs.aws.amazon.com/dlm/latest/APIReference/API_CreateLifecyclePolicy.html
 */
export function backUpDaily({ machine, facts }: DeedInput): ActionPlan {
  const { instance, region } = facts;
  const volumes = machine.disks.map(({ id }) => id);
  if (volumes.length === 0) return nothing(`${instance} has no volumes of its own to snapshot.`);
  const Tags = [{ Key: BACKUP_TAG, Value: instance }];
  const PolicyDetails = {
    PolicyType: 'EBS_SNAPSHOT_MANAGEMENT',
    ResourceTypes: ['VOLUME'],
    TargetTags: Tags,
    Schedules: [
      {
        Name: BACKUP_TAG,
        CreateRule: { Interval: 24, IntervalUnit: 'HOURS', Times: ['03:00'] },
        RetainRule: { Count: KEPT_SNAPSHOTS },
        CopyTags: true,
      },
    ],
  };
  const at = 'Policies[State=ENABLED]';
  return planOf(
    [
      {
        ...base('reversible', SHORT_WAIT_MS),
        title: `Snapshot ${volumes.join(', ')} every night, and keep the last ${KEPT_SNAPSHOTS}`,
        requests: [
          // The console makes it below /service-role/, the command line tool does not.
          call('iam', 'GetRole', region, { RoleName: 'AWSDataLifecycleManagerDefaultRole' }),
          call('dlm', 'CreateLifecyclePolicy', region, {
            ExecutionRoleArn: { $result: 'Role.Arn' },
            Description: `${TAG} ${instance}`.slice(0, 500),
            State: 'ENABLED',
            PolicyDetails,
          }),
          call('ec2', 'CreateTags', region, { Resources: volumes, Tags }),
        ],
        after: {
          request: call('dlm', 'GetLifecyclePolicies', region, { TargetTags: [`${BACKUP_TAG}=${instance}`] }),
          at: `${at}.State`,
          is: ['ENABLED'],
        },
        undo: [
          call('dlm', 'DeleteLifecyclePolicy', region, { PolicyId: { $after: `${at}.PolicyId` } }),
          call('ec2', 'DeleteTags', region, { Resources: volumes, Tags }),
        ],
        undoNote: 'Takes the policy and the tags away. Snapshots that it has taken stay.',
      },
    ],
    'the policy is there and enabled',
    [
      'It needs the role AWSDataLifecycleManagerDefaultRole; `aws dlm create-default-role` makes it.',
      'One that is taken while a miner runs holds the miner: note from which day on they are good. Tag the volumes of what takes this host’s place too.',
    ],
  );
}
