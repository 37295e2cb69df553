import type { AccountSubject, Finding } from '../findings/finding.ts';
import type { ActionPlan, PlannedOperation } from './action.ts';

/** Somebody who can get in over SSH, and what with. */
export interface WayIn {
  readonly account: string;
  readonly keys: number;
  readonly hasPassword: boolean;
  /** May do everything as root once in. */
  readonly isRoot: boolean;
}

/**
 * Who can get in over SSH by what was found, after the operations (none: as it is now). A key that may start one
 * command only is no way in. null where the look did not cover it.
 */
export function waysIn(
  findings: readonly Finding[],
  operations: readonly PlannedOperation[] = [],
): readonly WayIn[] | null {
  const accounts = findings.flatMap(({ subject }) => (subject.kind === 'account' ? [subject] : []));
  if (!accounts.some(({ rights }) => rights !== undefined)) return null;
  const { locked, removed } = closedBy(operations);
  return accounts.flatMap((account): WayIn[] => {
    if (account.rights === undefined || locked.has(account.account)) return [];
    const keys = account.rights.byKey ? keysOf(account, findings, removed) : 0;
    const { byPassword, root } = account.rights;
    if (keys === 0 && !byPassword) return [];
    const isRoot = root === 'itself' || root === 'sudo';
    return [{ account: account.account, keys, hasPassword: byPassword, isRoot }];
  });
}

/**
 * What is worth saying before ways in are closed: what would be left to get in by. Where the last key or the last
 * way to root would go, or everybody is asked to accept new host keys, a word has to be typed as well.
 */
export function waysLeft(
  findings: readonly Finding[],
  operations: readonly PlannedOperation[],
): Pick<ActionPlan, 'remarks' | 'word'> {
  const { locked, removed } = closedBy(operations);
  const isNewHostKeys = operations.some(({ target }) => target.kind === 'replace-host-keys');
  if (locked.size === 0 && removed.size === 0 && !isNewHostKeys) return { remarks: [] };
  const before = waysIn(findings);
  const after = waysIn(findings, operations);
  if (before === null || after === null) {
    const remark = 'What would be left to get in by is not known: sshd and sudo were not looked at.';
    return { remarks: [remark], word: isNewHostKeys ? 'replace' : 'close' };
  }
  const remarks = [leftText(after, findings)];
  const lost = (has: (way: WayIn) => boolean): boolean => before.some(has) && !after.some(has);
  const isLastWay = before.length > 0 && after.length === 0;
  const isLastKey = lost(({ keys }) => keys > 0);
  const isLastRoot = lost(({ isRoot }) => isRoot);
  if (isLastWay) remarks.unshift('It closes the last way in over SSH.');
  else if (isLastKey) remarks.unshift('It takes away the last key that lets anybody in over SSH.');
  if (isLastRoot && !isLastWay)
    remarks.unshift('After it nobody who can get in over SSH may do everything as root.');
  if (isNewHostKeys)
    remarks.unshift(
      'Everybody who connects is warned until they accept the new host keys. Pass the new fingerprints on, and get in from a second terminal before you leave this one.',
    );
  if (isLastWay || isLastKey) return { remarks, word: 'close' };
  if (isLastRoot) return { remarks, word: locked.size > 0 ? 'lock' : 'close' };
  return isNewHostKeys ? { remarks, word: 'replace' } : { remarks };
}

function closedBy(operations: readonly PlannedOperation[]) {
  const locked = new Set<string>();
  const removed = new Set<string>();
  for (const { target } of operations) {
    if (target.kind === 'lock-account') locked.add(target.account);
    if (target.kind !== 'edit-file') continue;
    for (const { number } of target.removeLines) removed.add(`${target.file.path}\n${number}`);
  }
  return { locked, removed };
}

function keysOf(
  { account }: AccountSubject,
  findings: readonly Finding[],
  removed: ReadonlySet<string>,
): number {
  return findings.filter(
    ({ subject }) =>
      subject.kind === 'file-line' &&
      subject.role === 'authorized-key' &&
      subject.details.account === account &&
      !/(^|,)\s*command=/i.test(subject.details.options ?? '') &&
      !removed.has(`${subject.file.path}\n${subject.line.number}`),
  ).length;
}

function leftText(ways: readonly WayIn[], findings: readonly Finding[]): string {
  if (ways.length === 0)
    return 'Left to get in by: nothing over SSH, only what is open now and the console of the machine.';
  const text = ways.map(({ account, keys, hasPassword, isRoot }) => {
    const by = [
      ...(keys > 0 ? [keys === 1 ? 'a key' : `${keys} keys`] : []),
      ...(hasPassword ? ['a password'] : []),
    ];
    return `${account} by ${by.join(' and ')}${isRoot ? ', with all rights' : ''}`;
  });
  const isByMatch = findings.some(({ subject }) => subject.kind === 'account' && subject.rights?.isByMatch);
  return `Left to get in by over SSH: ${text.join('; ')}.${isByMatch ? ' A Match block of sshd may say otherwise for some.' : ''}`;
}
