import { QUARANTINE_GROUP, TAG } from '../operations/cloud-names.ts';
import { base, call } from './alibaba-call.ts';
import { isolate, quarantineGroup } from './cloud-alibaba-groups.ts';
import { handleAlerts, scanAgentless, scanVirus } from './cloud-alibaba-scans.ts';
import {
  type CallTarget,
  type DeedInput,
  type Deeds,
  keyRemarks,
  nothing,
  planOf,
  SHORT_WAIT_MS,
  SNAPSHOT_WAIT_MS,
} from './cloud-deed.ts';

/** The calls of Alibaba Cloud (https://api.aliyun.com/document/Ecs/2014-05-26, …/Sas/2018-12-03, …/Ram/2015-05-01). */
export const alibabaDeeds: Deeds = {
  'snapshot-disks': (input) =>
    planOf(
      input.machine.disks.map((disk) => snapshotOf(disk, input)),
      'each snapshot is accomplished',
      [
        'What is on a disk counts from the moment its snapshot begins; the rest is waiting for the copy. It holds no memory.',
        'Never make a custom image of this host to build the new one from.',
      ],
    ),
  'make-quarantine': (input) =>
    input.machine.quarantine === null
      ? planOf([quarantineGroup(input)], 'the group is there, and drops whatever goes out')
      : nothing(`${QUARANTINE_GROUP} is there already in ${input.machine.network}.`),
  isolate,
  'handle-alerts': handleAlerts,
  'scan-virus': scanVirus,
  'scan-agentless': scanAgentless,
  'revoke-role': ({ machine }) =>
    nothing(
      machine.role === null
        ? 'The instance has no role: there are no credentials of one to revoke.'
        : `Credentials of ${machine.role} that were fetched expire within six hours. Sooner: detach the role (DetachInstanceRamRole), and narrow its policy.`,
    ),
  'disable-keys': ({ machine, facts }) =>
    planOf(
      machine.keys
        .filter(({ isActive, isOwn }) => isActive === true && !isOwn)
        .map(({ user, id }): CallTarget => {
          const set = (Status: string) =>
            call('ram', 'UpdateAccessKey', facts.region, { UserName: user, UserAccessKeyId: id, Status });
          const list = call('ram', 'ListAccessKeys', facts.region, { UserName: user });
          const at = `AccessKeys.AccessKey[AccessKeyId=${id}].Status`;
          return {
            ...base('disruptive', SHORT_WAIT_MS),
            title: `Inactivate access key ${id} of ${user}`,
            before: [{ request: list, at, is: ['Active'] }],
            requests: [set('Inactive')],
            after: { request: list, at, is: ['Inactive'] },
            undo: [set('Active')],
            undoNote: 'Makes the key active again. Whoever has taken it can then use it again.',
          };
        }),
      'the keys are inactive',
      [
        ...keyRemarks(machine),
        'Whatever uses such a key stops working. Give it a new one first where it must not stop.',
      ],
    ),
};

function snapshotOf({ id, device }: { id: string; device: string }, { facts }: DeedInput): CallTarget {
  const { region, label, instance } = facts;
  // 2 to 128 characters, beginning with a letter.
  const name = `${TAG}-${id}-${label}`.replace(/[^\w.-]/g, '-').slice(0, 128);
  return {
    ...base('reversible', SNAPSHOT_WAIT_MS),
    title: `Snapshot of ${id} (${device} of ${instance})`,
    requests: [
      call('ecs', 'CreateSnapshot', region, {
        DiskId: id,
        SnapshotName: name,
        Description: `${TAG}: evidence of ${instance} ${device}, incident ${label}`,
      }),
    ],
    after: {
      request: call('ecs', 'DescribeSnapshots', region, { DiskId: id, SnapshotName: name, PageSize: 10 }),
      at: 'Snapshots.Snapshot[].Status',
      is: ['accomplished'],
      pending: ['progressing'],
      progress: 'Snapshots.Snapshot[0].Progress',
    },
    undo: [
      call('ecs', 'DeleteSnapshot', region, { SnapshotId: { $after: 'Snapshots.Snapshot[0].SnapshotId' } }),
    ],
    undoNote: 'Deletes the snapshot. What it kept is lost then.',
  };
}
