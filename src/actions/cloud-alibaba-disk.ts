import type { CloudCheck } from '../operations/cloud.ts';
import type { ActionPlan } from './action.ts';
import { base, call, clientToken } from './alibaba-call.ts';
import { type DeedInput, leftToYou, nothing, planOf, RE_IMAGE_WAIT_MS } from './cloud-deed.ts';

/**
 * Builds the system disk anew. https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-replacesystemdisk:
 * the instance must be stopped; the disk that it had is released, and the answer names the new one.
 * One operation, because the host is gone from the first of its calls on.
 */
export function reImage(input: DeedInput): ActionPlan {
  const { machine, facts, image, keyPair } = input;
  const { instance, region, label } = facts;
  const system = machine.disks.find(({ isSystem }) => isSystem);
  if (system === undefined) return nothing(`Which of its disks ${instance} starts from is not known.`);
  if (image === '')
    return leftToYou(
      input,
      'Nobody has said what it is to be built from (input `image`): it is yours to do, or to leave with a reason.',
    );
  const isStatus = (is: string, pending: readonly string[]): CloudCheck => ({
    request: call('ecs', 'DescribeInstances', region, { InstanceIds: JSON.stringify([instance]) }),
    at: 'Instances.Instance[0].Status',
    is: [is],
    pending,
  });
  const disks = call('ecs', 'DescribeDisks', region, { InstanceId: instance, PageSize: 100 });
  const isLocked = machine.locks.includes('security');
  return planOf(
    [
      {
        ...base('irreversible', RE_IMAGE_WAIT_MS),
        title: `Build the system disk of ${instance} anew from ${image}, in place of ${system.id}`,
        before: [{ request: disks, at: 'Disks.Disk[Type=system].DiskId', is: [system.id] }],
        requests: [
          {
            ...call('ecs', 'StopInstance', region, { InstanceId: instance, ForceStop: true }),
            until: isStatus('Stopped', ['Running', 'Stopping', 'Starting']),
          },
          {
            ...call('ecs', 'ReplaceSystemDisk', region, {
              ...{ InstanceId: instance, ImageId: image, ClientToken: clientToken(label, system.id) },
              ...(keyPair === '' ? {} : { KeyPairName: keyPair }),
            }),
            // The disk that it had is among its disks no longer.
            until: { request: disks, at: `Disks.Disk[DiskId=${system.id}].DiskId`, is: [] },
          },
          ...(isLocked
            ? []
            : [
                {
                  ...call('ecs', 'StartInstance', region, { InstanceId: instance }),
                  until: isStatus('Running', ['Stopped', 'Pending', 'Starting']),
                },
              ]),
        ],
        after: {
          request: disks,
          at: `Disks.Disk[DiskId=${system.id}].DiskId,Disks.Disk[Type=system].ImageId`,
          is: [image],
        },
        undo: [],
        undoNote: `What was on ${system.id} is gone from the machine; its snapshot keeps it (a disk can be made from that).`,
      },
    ],
    `the machine has another system disk, made from ${image}`,
    [
      `Everything on ${system.id} (${system.device}) goes. Is its snapshot accomplished, and is the data that you need saved? Data disks stay as they are.`,
      'The host answers no longer from then on: steps that need it must be done before.',
      ...(keyPair === ''
        ? [
            'No key pair is named: the password that the image or the instance has lets in. Name one (input `key-pair`).',
          ]
        : []),
      ...(isLocked ? ['It is locked, so it is not started: that is possible after it is unlocked.'] : []),
    ],
  );
}
