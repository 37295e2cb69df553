import { z } from 'zod';
import type { ProcessIdentity } from '../../operations/identity.ts';
import type { EvidenceFile } from '../../operations/receipt.ts';
import { matchProcess } from '../process-identity.ts';
import { count, done, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { collectEvidence } from './process-evidence.ts';
import {
  findTarget,
  isGone,
  plannedProcess,
  sendSignal,
  stopSurely,
  titleOf,
  waitFor,
} from './process-target.ts';
import { protectedProcess } from './protected-targets.ts';
import { readReceipt } from './receipt-fields.ts';
import { sessionMembers } from './session-members.ts';

const fields = z.looseObject({ members: z.array(plannedProcess) });

/** What a leader gets to sign off in: sshd and login close the session in utmp and PAM. */
const SIGNS_OFF_WITHIN_MS = 3_000;
const GONE_WITHIN_MS = 10_000;
/** A login with more than this is no login; it is dealt with as processes. */
const MOST_MEMBERS = 200;

/**
 * Ends a login: all that was started from it is frozen first, so that nothing notices and starts anew; the leader is
 * hung up (signal(7): SIGHUP) to sign off; then all that is left is killed.
 */
export const endSession: OperationPerformer<'end-session'> = {
  async prepare(operation, context) {
    const found = findTarget(operation.leader, context, true);
    if (found.status === 'refused') return found;
    const members = sessionMembers(operation.leader);
    const title = titleOf(operation.leader);
    for (const member of members) {
      const reason = protectedProcess(member, context);
      if (reason !== null)
        return refused(
          'responder',
          `The session of ${title} is your own: ${reason} It is left alone. Take it out of the plan.`,
        );
    }
    if (members.length > MOST_MEMBERS)
      return refused(
        'invalid',
        `${title} leads ${members.length} processes, which is more than one login. Name a leader further down.`,
      );
    const evidence: EvidenceFile[] = [];
    for (const member of members) {
      const { evidence: sink, signal } = context;
      const taken = await collectEvidence(member, { evidence: sink, signal }).catch((error: unknown) =>
        String(error),
      );
      if (typeof taken === 'string')
        return refused('evidence', `The session of ${title} was not ended: ${taken}.`);
      evidence.push(...taken.files);
    }
    return ready({ kind: 'end-session', members: members.map((member) => ({ ...member })) }, evidence);
  },

  async perform(operation, receipt, context) {
    const { leader } = operation;
    const title = titleOf(leader);
    const planned = readReceipt('end-session', fields, receipt).members;
    const match = matchProcess(leader);
    if (match.status === 'other' && !match.isReused)
      return failed(
        receipt,
        `Process ${leader.pid} ${match.what}. Nothing was ended. Scan again and plan anew.`,
      );
    const members = merged(planned, match.status === 'same' ? sessionMembers(leader) : []);
    const own = members.find((member) => protectedProcess(member, context) !== null);
    if (own !== undefined)
      return failed(
        receipt,
        `The session of ${title} has become your own (process ${own.pid}). Nothing was ended.`,
      );
    const followers = members.filter(({ pid }) => pid !== leader.pid);
    for (const follower of followers) await stopSurely(follower);
    // Whatever was started while the others were being stopped.
    const late = match.status === 'same' ? merged(members, sessionMembers(leader)).slice(members.length) : [];
    for (const one of late) await stopSurely(one);
    if (match.status === 'same') sendSignal(leader.pid, 'SIGHUP');
    for (const one of [...followers, ...late])
      if (matchProcess(one).status === 'same') sendSignal(one.pid, 'SIGKILL');
    await waitFor(() => isGone(leader), SIGNS_OFF_WITHIN_MS);
    const stopped = isGone(leader) ? null : await stopSurely(leader);
    if (stopped?.status === 'stopped') sendSignal(leader.pid, 'SIGKILL');
    const all = [...members, ...late];
    await waitFor(() => all.every(isGone), GONE_WITHIN_MS);
    const left = all.filter((one) => !isGone(one));
    return left.length === 0
      ? done(
          receipt,
          `The session of ${operation.account} is ended: ${count(all.length, 'process', 'processes')}.`,
        )
      : failed(receipt, `Still there: ${left.map(titleOf).join(', ')}.`);
  },

  async verify(operation, receipt) {
    const { members } = readReceipt('end-session', fields, receipt);
    const left = merged([operation.leader], members).filter((member) => !isGone(member));
    return left.length === 0
      ? verified('holds', `The session of ${operation.account} and all that belonged to it have ended.`)
      : verified('does-not-hold', `Still there: ${left.map(titleOf).join(', ')}.`);
  },

  async undo(operation, receipt) {
    return failed(
      receipt,
      `The session of ${operation.account} was ended, which cannot be undone. What ran in it is in the evidence.`,
    );
  },
};

function merged(known: readonly ProcessIdentity[], more: readonly ProcessIdentity[]): ProcessIdentity[] {
  const has = (one: ProcessIdentity) =>
    known.some(({ pid, startTicks }) => pid === one.pid && startTicks === one.startTicks);
  return [...known, ...more.filter((one) => !has(one))];
}
