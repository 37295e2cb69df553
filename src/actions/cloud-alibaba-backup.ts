import { TAG } from '../operations/cloud-names.ts';
import type { ActionPlan } from './action.ts';
import { base, call } from './alibaba-call.ts';
import { type DeedInput, nothing, planOf, SHORT_WAIT_MS } from './cloud-deed.ts';

const EVERY_DAY = JSON.stringify(['1', '2', '3', '4', '5', '6', '7']);
const AT_NIGHT = JSON.stringify(['3']);
const KEPT_DAYS = 7;

/** A policy of its own for the disks that have none: what others have set up is left as it is. */
export function backUpDaily({ machine, facts }: DeedInput): ActionPlan {
  const { instance, region } = facts;
  const bare = machine.disks.filter(({ policy }) => policy === undefined).map(({ id }) => id);
  const kept = machine.disks.flatMap(({ id, policy }) =>
    policy === undefined ? [] : [`${id} has a policy already, ${policy}: it is left as it is.`],
  );
  if (bare.length === 0) return nothing(...kept);
  const name = `${TAG}-daily-${instance}`;
  const at = `AutoSnapshotPolicies.AutoSnapshotPolicy[AutoSnapshotPolicyName=${name}]`;
  const diskIds = JSON.stringify(bare);
  const autoSnapshotPolicyId = { $after: `${at}.AutoSnapshotPolicyId` };
  return planOf(
    [
      {
        ...base('reversible', SHORT_WAIT_MS),
        title: `Snapshot ${bare.join(', ')} every night, kept for ${KEPT_DAYS} days`,
        // These three spell their parameters with a small letter.
        requests: [
          call('ecs', 'CreateAutoSnapshotPolicy', region, {
            ...{ regionId: region, autoSnapshotPolicyName: name, timePoints: AT_NIGHT },
            ...{ repeatWeekdays: EVERY_DAY, retentionDays: KEPT_DAYS },
          }),
          call('ecs', 'ApplyAutoSnapshotPolicy', region, {
            ...{ regionId: region, autoSnapshotPolicyId: { $result: 'AutoSnapshotPolicyId' }, diskIds },
          }),
        ],
        after: {
          request: call('ecs', 'DescribeAutoSnapshotPolicyEx', region, { AutoSnapshotPolicyName: name }),
          at: `${at}.AutoSnapshotPolicyName,${at}.DiskNums`,
          is: [name, String(bare.length)],
        },
        undo: [
          call('ecs', 'CancelAutoSnapshotPolicy', region, { regionId: region, diskIds }),
          call('ecs', 'DeleteAutoSnapshotPolicy', region, { regionId: region, autoSnapshotPolicyId }),
        ],
        undoNote: 'Takes the policy away. Snapshots that it has taken stay until their time is over.',
      },
    ],
    'the policy is there and holds for each of these disks',
    [
      ...kept,
      'One that is taken while a miner runs holds the miner: note from which day on they are good. Apply it to the disks of what takes this host’s place too.',
    ],
  );
}
