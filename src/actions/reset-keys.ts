import { z } from 'zod';
import type { AccountSubject, Finding, HostKeySubject } from '../findings/finding.ts';
import { type Action, isMalicious, type PlannedOperation, parametersOf } from './action.ts';
import { canBeEdited, editLines } from './purge-persistence.ts';
import { RUNNING } from './scopes.ts';
import { waysLeft } from './ways-left.ts';

const parameters = z.strictObject({
  accounts: z.array(z.string().min(1)).default([]).describe('accounts to lock'),
  'host-keys': z
    .boolean()
    .default(false)
    .describe("replace the host's own SSH keys (everybody is asked to accept the new ones)"),
});

/** Take away the ways to log in again: keys, accounts, host keys. After the purge, or the new secrets leak as well. */
export const resetKeys: Action = {
  name: 'reset-keys',
  summary:
    'end foreign sessions, remove foreign SSH keys, set sshd right, force new passwords, lock accounts, replace host keys; lists the secrets to be replaced elsewhere',
  parameters,
  // sudo's lines tell who would be left to get in; they are shown in the purge. So are sshd's: what was left there is here again.
  scopes: [...RUNNING, 'authorized-keys', 'accounts', 'host-keys', 'secrets', 'sshd', 'sudo'],
  isRemedy: true,
  concerns: ({ subject }) =>
    subject.kind === 'account' ||
    subject.kind === 'host-key' ||
    subject.kind === 'secret' ||
    (subject.kind === 'setting' && subject.remedy?.kind === 'end-session') ||
    (subject.kind === 'file-line' &&
      (subject.role === 'authorized-key' || (subject.role === 'sshd-line' && canBeEdited(subject)))),
  isChosenAtFirst: isMalicious,
  plan(input) {
    const { accounts, 'host-keys': replaceHostKeys } = parametersOf(parameters, input);
    const secrets = input.findings.filter(({ subject }) => subject.kind === 'secret').length;
    const remarks = [
      secrets === 0
        ? 'Change passwords, database logins and cloud keys that were on this host as well, from another machine: what lay here must be taken as read.'
        : `${secrets} secrets lay on this host, where whoever was root could read them. Replace each where it was issued, from another machine, and tick it off here; at any time, also when this step is done. If the machine has a role in your cloud, its credentials were within reach too.`,
    ];
    if (input.chosen.some(({ subject }) => subject.kind === 'file-line' && subject.role === 'sshd-line'))
      remarks.unshift(
        'sshd checks the new settings (sshd -t) and goes by them from the next login on: try one from a second terminal before you leave this one.',
      );
    // Whoever is in could put back what is taken away: out with them first.
    const operations: PlannedOperation[] = [...endSessions(input.chosen), ...editLines(input.chosen)];
    const known = input.findings.flatMap(({ subject }) => (subject.kind === 'account' ? [subject] : []));
    for (const { subject, id } of input.chosen) {
      if (subject.kind !== 'account' || accounts.includes(subject.account)) continue;
      operations.push({
        target: { kind: 'expire-password', account: subject.account, uid: subject.uid },
        because: [id],
      });
    }
    for (const name of accounts) operations.push(...lock(name, known, input.facts.responderAccount, remarks));
    if (replaceHostKeys)
      operations.push(
        ...hostKeys(input.findings.flatMap(({ subject }) => (subject.kind === 'host-key' ? [subject] : []))),
      );
    const left = waysLeft(input.findings, operations);
    return {
      operations,
      checkedAfter:
        'each key is gone from its file; sshd takes its settings as they are now; each account is as it was set',
      ...left,
      remarks: [...left.remarks, ...remarks],
    };
  },
};

function endSessions(chosen: readonly Finding[]): PlannedOperation[] {
  return chosen.flatMap(({ subject, id }): PlannedOperation[] =>
    subject.kind === 'setting' && subject.remedy?.kind === 'end-session'
      ? [{ target: subject.remedy, because: [id] }]
      : [],
  );
}

function lock(
  name: string,
  known: readonly AccountSubject[],
  responder: string,
  remarks: string[],
): PlannedOperation[] {
  const account = known.find((candidate) => candidate.account === name);
  if (name === responder) {
    remarks.push(`${name} is your own account: it is not locked.`);
    return [];
  }
  if (account === undefined) {
    remarks.push(`There is no account "${name}" that could log in.`);
    return [];
  }
  return [{ target: { kind: 'lock-account', account: account.account, uid: account.uid }, because: [] }];
}

function hostKeys(subjects: readonly HostKeySubject[]): PlannedOperation[] {
  if (subjects.length === 0) return [];
  return [
    { target: { kind: 'replace-host-keys', keys: subjects.map((subject) => subject.file) }, because: [] },
  ];
}
