import { QUARANTINE_GROUP, TAG } from '../operations/cloud-names.ts';
import { base, call } from './alibaba-call.ts';
import { backUpDaily } from './cloud-alibaba-backup.ts';
import { reImage } from './cloud-alibaba-disk.ts';
import { preventIntrusion } from './cloud-alibaba-firewall.ts';
import { blockAddresses, isolate, quarantineGroup } from './cloud-alibaba-groups.ts';
import { revokeRole } from './cloud-alibaba-role.ts';
import { deepScan, handleAlerts, readAlerts, scanAgentless, scanVirus } from './cloud-alibaba-scans.ts';
import {
  type CallTarget,
  type DeedInput,
  type Deeds,
  nothing,
  planOf,
  SHORT_WAIT_MS,
  SNAPSHOT_WAIT_MS,
} from './cloud-deed.ts';
import { disableKeys } from './cloud-keys.ts';

/** The calls of Alibaba Cloud (https://api.aliyun.com/document/Ecs/2014-05-26, …/Sas/2018-12-03, …/Ram/2015-05-01). */
export const alibabaDeeds: Deeds = {
  'snapshot-disks': (input) =>
    planOf(input.machine.disks.length === 0 ? [] : [snapshots(input)], 'each snapshot is accomplished', [
      'What is on a disk counts from the moment its snapshot begins; the rest is waiting for the copy. It holds no memory.',
      'Never make a custom image of this host to build the new one from.',
    ]),
  'make-quarantine': (input) =>
    input.machine.quarantine === null
      ? planOf([quarantineGroup(input)], 'the group is there, and drops whatever goes out')
      : nothing(`${QUARANTINE_GROUP} is there already in ${input.machine.network}.`),
  'read-alerts': readAlerts,
  'block-addresses': blockAddresses,
  isolate,
  'handle-alerts': handleAlerts,
  'back-up-daily': backUpDaily,
  'scan-virus': scanVirus,
  'deep-scan': deepScan,
  'scan-agentless': scanAgentless,
  'revoke-role': revokeRole,
  'prevent-intrusion': preventIntrusion,
  're-image': reImage,
  'disable-keys': (input) =>
    disableKeys(input, {
      base: base('disruptive', SHORT_WAIT_MS),
      call: (action, parameters) => call('ram', action, input.facts.region, parameters),
      idName: 'UserAccessKeyId',
      keysAt: 'AccessKeys.AccessKey',
    }),
};

/** All are begun before any is waited for. They have one name, by which they are found again. */
function snapshots({ facts, machine }: DeedInput): CallTarget {
  const { region, label, instance } = facts;
  const ids = machine.disks.map(({ id }) => id);
  // 2 to 128 characters, beginning with a letter.
  const SnapshotName = `${TAG}-${label}`.replace(/[^\w.-]/g, '-').slice(0, 128);
  return {
    ...base('reversible', SNAPSHOT_WAIT_MS),
    title: `Snapshots of ${machine.disks.map(({ id, device }) => `${id} (${device})`).join(', ')} of ${instance}`,
    requests: machine.disks.map(({ id, device }) =>
      call('ecs', 'CreateSnapshot', region, {
        ...{ DiskId: id, SnapshotName },
        Description: `${TAG}: evidence of ${instance} ${device}, incident ${label}`,
      }),
    ),
    after: {
      request: call('ecs', 'DescribeSnapshots', region, {
        InstanceId: instance,
        SnapshotName,
        PageSize: 100,
      }),
      at: 'Snapshots.Snapshot[].Status,Snapshots.Snapshot[].SourceDiskId',
      is: ['accomplished', ...ids],
      pending: ['progressing'],
      progress: 'Snapshots.Snapshot[].Progress',
    },
    undo: ids.map((id) =>
      call('ecs', 'DeleteSnapshot', region, {
        SnapshotId: { $after: `Snapshots.Snapshot[SourceDiskId=${id}].SnapshotId` },
      }),
    ),
    undoNote: 'Deletes the snapshots. What they kept is lost then.',
  };
}
