import type { ActionPlan } from './action.ts';
import { base, call } from './alibaba-call.ts';
import { type DeedInput, nothing, planOf, SHORT_WAIT_MS } from './cloud-deed.ts';

/**
 * The role is taken off the instance, so that no new credentials of it can be fetched there.
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-detachinstanceramrole
 */
export function revokeRole({ machine, facts }: DeedInput): ActionPlan {
  const { role } = machine;
  const { instance, region } = facts;
  if (role === null) return nothing('The instance has no role: there are no credentials of one to revoke.');
  const named = { RamRoleName: role, InstanceIds: JSON.stringify([instance]) };
  const request = call('ecs', 'DescribeInstanceRamRole', region, { InstanceIds: JSON.stringify([instance]) });
  const at = `InstanceRamRoleSets.InstanceRamRoleSet[RamRoleName=${role}].RamRoleName`;
  return planOf(
    [
      {
        ...base('disruptive', SHORT_WAIT_MS),
        title: `Take the role ${role} off ${instance}`,
        before: [{ request, at, is: [role] }],
        requests: [call('ecs', 'DetachInstanceRamRole', region, named)],
        after: { request, at, is: [] },
        undo: [call('ecs', 'AttachInstanceRamRole', region, named)],
        undoNote: `Puts the role on again: whoever is on the host can then fetch its credentials.`,
      },
    ],
    'the instance has the role no longer',
    [
      `Credentials of ${role} that were fetched before go on for up to six hours: narrow its policy until then, and look through ActionTrail for what was done with them.`,
      'Programs on the host that use the role stop working with this.',
    ],
  );
}
