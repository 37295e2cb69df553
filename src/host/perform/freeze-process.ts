import { z } from 'zod';
import type { ProcessIdentity } from '../../operations/identity.ts';
import type { OperationOf } from '../../operations/operation.ts';
import type { Receipt } from '../../operations/receipt.ts';
import { matchProcess, readBootId } from '../process-identity.ts';
import { count, done, failed, ready, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { findTarget, isStopped, plannedProcess, sendSignal, stopAll, titleOf } from './process-target.ts';
import { readReceipt } from './receipt-fields.ts';

/** Before there were groups a receipt had one process. */
const fields = z.looseObject({
  process: plannedProcess.optional(),
  wasStopped: z.boolean().optional(),
  stoppedBefore: z.array(z.number()).optional(),
  /** Of a group: ended by themselves between the plan and now. */
  endedBefore: z.array(z.number()).optional(),
});
type Freeze = OperationOf<'freeze-process'>;

/**
 * Stops processes where they stand (SIGSTOP, which cannot be caught), all of a group in one pass: of two that watch
 * each other none gets to see the other stop. Undo lets go on those that were not stopped before.
 *
 * A miner's shells start and end others all the time. So of a group those that have ended since the plan, and those that
 * run another program since (the same process, by number and start), are no reason to let all the others go on; each is
 * asked about again before anything is done to it that cannot be taken back. A number that has passed to another is one.
 */
export const freezeProcess: OperationPerformer<'freeze-process'> = {
  async prepare(operation, context) {
    const stoppedBefore: number[] = [];
    const endedBefore: number[] = [];
    const all = allOf(operation);
    let asPlanned = 0;
    for (const target of all) {
      const found = findTarget(asItRuns(target, all), context, true);
      const match = matchProcess(target);
      if (found.status === 'same') {
        if (match.status === 'same') asPlanned += 1;
        if (isStopped(found.process)) stoppedBefore.push(target.pid);
      } else if (all.length > 1 && match.status === 'ended' && target.bootId === readBootId())
        endedBefore.push(target.pid);
      else return found;
    }
    const first = findTarget(operation.process, context, true);
    if (asPlanned === 0 && first.status === 'refused') return first;
    return ready({ kind: 'freeze-process', stoppedBefore, endedBefore });
  },

  async perform(operation, receipt) {
    const all = left(operation, receipt);
    const results = await stopAll(all);
    const problems = all.flatMap((target, index) => {
      const result = results[index];
      if (result?.status === 'failed') return [`${titleOf(target)} was not frozen: ${result.why}`];
      if (result?.status === 'ended')
        return [`${titleOf(target)} ended before it could be frozen; something may have started it anew`];
      const match = matchProcess(target);
      if (match.status !== 'same') return [`${titleOf(target)} ended while it was being frozen`];
      return isStopped(match.process)
        ? []
        : [
            `${titleOf(target)} was sent SIGSTOP and has not stopped yet (state ${match.process.state}): it waits in the kernel and stops when that is over`,
          ];
    });
    // One that ended by itself is no reason to let the others go.
    return problems.length === 0
      ? done(receipt, `${namesOf(all)} ${all.length > 1 ? 'are' : 'is'} frozen.`)
      : failed(receipt, `${problems.join('; ')}. Scan again.`);
  },

  async verify(operation, receipt) {
    const all = left(operation, receipt);
    const moving = all.flatMap((target) => {
      const match = matchProcess(target);
      if (match.status === 'ended')
        return [`${titleOf(target)} has ended; there is nothing to freeze any more`];
      if (match.status === 'other') return [`process ${target.pid} ${match.what}`];
      return isStopped(match.process) ? [] : [`${titleOf(target)} is running (state ${match.process.state})`];
    });
    return moving.length === 0
      ? verified('holds', `${namesOf(all)} ${all.length > 1 ? 'are' : 'is'} stopped.`)
      : verified('does-not-hold', `${moving.join('; ')}.`);
  },

  async undo(operation, receipt) {
    const { process, wasStopped, stoppedBefore } = readReceipt('freeze-process', fields, receipt);
    const before = new Set(stoppedBefore ?? (wasStopped && process ? [process.pid] : []));
    const all = left(operation, receipt).filter(({ pid }) => !before.has(pid));
    if (all.length === 0)
      return done(receipt, `${namesOf(allOf(operation))} was stopped before already and is left so.`);
    const gone = all.filter((target) => matchProcess(target).status !== 'same');
    const there = all.filter((target) => !gone.includes(target));
    const problems = there.flatMap((target) => {
      const problem = sendSignal(target.pid, 'SIGCONT');
      return problem === null ? [] : [`${titleOf(target)} could not be let go on (${problem})`];
    });
    // Killed since, it may be: the others of the group go on all the same.
    const lost = gone.length === 0 ? '' : `${namesOf(gone)} ${gone.length > 1 ? 'have' : 'has'} ended`;
    if (there.length === 0) return failed(receipt, `${lost}; nothing is left that could be let go on.`);
    return problems.length === 0
      ? done(
          receipt,
          `${namesOf(there)} ${there.length > 1 ? 'go' : 'goes'} on${lost === '' ? '' : `; ${lost}`}.`,
        )
      : failed(receipt, `${[...problems, ...(lost === '' ? [] : [lost])].join('; ')}.`);
  },
};

/** Those that were there when it began, as they are looked for. */
function left(operation: Freeze, receipt: Receipt): readonly ProcessIdentity[] {
  const ended = new Set(readReceipt('freeze-process', fields, receipt).endedBefore);
  const all = allOf(operation);
  return all.filter(({ pid }) => !ended.has(pid)).map((target) => asItRuns(target, all));
}

/** One of a group, whatever program it has become. */
function asItRuns(target: ProcessIdentity, all: readonly ProcessIdentity[]): ProcessIdentity {
  return all.length > 1 ? { ...target, exeInode: null } : target;
}

function allOf({ process, others = [] }: Freeze): readonly ProcessIdentity[] {
  return [process, ...others];
}

function namesOf(all: readonly ProcessIdentity[]): string {
  const shown = all.slice(0, 4).map(titleOf).join(', ');
  return all.length <= 4 ? shown : `${shown} and ${count(all.length - 4, 'more', 'more')}`;
}
