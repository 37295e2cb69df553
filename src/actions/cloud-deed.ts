import type { CloudFacts, CloudMachine } from '../operations/cloud.ts';
import type { OperationOf } from '../operations/operation.ts';
import type { ActionPlan } from './action.ts';

/** What can be done in the cloud around a host; each provider has its own calls for it. */
export const CLOUD_DEEDS = [
  'read-alerts',
  'snapshot-disks',
  'make-quarantine',
  'block-addresses',
  'isolate',
  'handle-alerts',
  'scan-virus',
  'deep-scan',
  'scan-agentless',
  'revoke-role',
  'disable-keys',
  'back-up-daily',
  'prevent-intrusion',
  're-image',
] as const;
export type CloudDeed = (typeof CLOUD_DEEDS)[number];

export interface DeedInput {
  readonly facts: CloudFacts;
  readonly machine: CloudMachine;
  /** Ranges, IPv4 and IPv6, that the quarantine group lets in. */
  readonly allow: readonly string[];
  readonly port: number;
  readonly alerts: readonly string[];
  readonly similar: boolean;
  /** To be blocked, without a range's length. */
  readonly addresses: readonly string[];
  /** What the system disk is built from; empty: nobody has said. */
  readonly image: string;
  /** Who may log in to what was built anew; empty: nobody has said. */
  readonly keyPair: string;
  /** The same deed as a person does it. */
  readonly byHand: () => NonNullable<ActionPlan['byHand']>;
}

export type CallTarget = Omit<OperationOf<'cloud-call'>, 'id' | 'because'>;
export type Deeds = Readonly<Record<CloudDeed, (input: DeedInput) => ActionPlan>>;

/** Snapshots of large disks take hours the first time; what takes longer goes on by itself, and the step is taken up again. */
export const SNAPSHOT_WAIT_MS = 45 * 60_000;
export const SHORT_WAIT_MS = 60_000;
export const SCAN_WAIT_MS = 45 * 60_000;
export const RE_IMAGE_WAIT_MS = 20 * 60_000;

export function planOf(
  targets: readonly CallTarget[],
  checkedAfter: string,
  remarks: readonly string[] = [],
): ActionPlan {
  return { operations: targets.map((target) => ({ target, because: [] })), checkedAfter, remarks };
}

/** Nothing to be called, and why. */
export function nothing(...remarks: readonly string[]): ActionPlan {
  return { operations: [], checkedAfter: 'nothing is changed', remarks };
}

/** No call does it, or none may be made now: it is a person's, in the words for this host. */
export function leftToYou({ byHand }: DeedInput, ...remarks: readonly string[]): ActionPlan {
  return { operations: [], checkedAfter: 'what you record', remarks, byHand: byHand() };
}

/** What the alerts say, those that speak of mining first. */
export function toldAlerts({ alerts }: CloudMachine): string[] {
  return alerts
    .toSorted((one, other) => Number(other.isMining) - Number(one.isMining))
    .map(
      ({ id, name, type, isMining }) =>
        `${isMining ? 'Speaks of mining' : 'To be judged by you'}: ${id}, ${name}${type === '' ? '' : ` (${type})`}.`,
    );
}

/** Who else is in the groups that the machine leaves: it is why none of those is edited. */
export function sharedWith({ groups }: CloudMachine): string[] {
  return groups.map(({ id, name, others }) =>
    others.length === 0
      ? `Nobody else is in ${id}${name === '' ? '' : ` (${name})`}.`
      : `${id}${name === '' ? '' : ` (${name})`} is left as it is: ${atMost(others)} ${others.length === 1 ? 'is' : 'are'} in it too.`,
  );
}

function atMost(ids: readonly string[]): string {
  return ids.length <= 5 ? ids.join(', ') : `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more`;
}

/** Alike for all providers: a key that is ours is never switched off, one that is off already needs nothing. */
export function keyRemarks(machine: CloudMachine): string[] {
  return machine.keys.flatMap(({ user, id, isActive, isOwn }) => {
    if (isOwn)
      return [
        `${id} of ${user} is left: your own calls are signed with it. Switch it off from another login.`,
      ];
    if (isActive === null) return [`${user} has no key ${id}.`];
    return isActive ? [] : [`${id} of ${user} is inactive already.`];
  });
}

/** What a quarantine group that is made now will let in. */
export function letIn({ allow, port }: DeedInput): string {
  return allow.length === 0 ? 'nothing in' : `in only ${allow.join(', ')} to port ${port}`;
}

export function ownConnectionRemark({ allow, port }: DeedInput, otherwise: string): string {
  return allow.length === 0
    ? `Your own connection to the host ends with this, if it comes over the network: finish what needs it first, or use ${otherwise}.`
    : `Only ${allow.join(', ')} still get to port ${port}, if the group was made so by the step before: look at its rules if it was there already.`;
}
