import { z } from 'zod';
import type { ProcessIdentity } from '../../operations/identity.ts';
import type { OperationOf } from '../../operations/operation.ts';
import { matchProcess } from '../process-identity.ts';
import { count, done, failed, ready, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { findTarget, isStopped, plannedProcess, sendSignal, stopAll, titleOf } from './process-target.ts';
import { readReceipt } from './receipt-fields.ts';

/** Before there were groups a receipt had one process. */
const fields = z.looseObject({
  process: plannedProcess.optional(),
  wasStopped: z.boolean().optional(),
  stoppedBefore: z.array(z.number()).optional(),
});
type Freeze = OperationOf<'freeze-process'>;

/**
 * Stops processes where they stand (SIGSTOP, which cannot be caught), all of a group in one pass: of two that watch
 * each other none gets to see the other stop. Undo lets go on those that were not stopped before.
 */
export const freezeProcess: OperationPerformer<'freeze-process'> = {
  async prepare(operation, context) {
    const stoppedBefore: number[] = [];
    for (const target of allOf(operation)) {
      const found = findTarget(target, context, true);
      if (found.status === 'refused') return found;
      if (isStopped(found.process)) stoppedBefore.push(target.pid);
    }
    return ready({ kind: 'freeze-process', stoppedBefore });
  },

  async perform(operation, receipt) {
    const all = allOf(operation);
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

  async verify(operation) {
    const all = allOf(operation);
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
    const all = allOf(operation).filter(({ pid }) => !before.has(pid));
    if (all.length === 0)
      return done(receipt, `${namesOf(allOf(operation))} was stopped before already and is left so.`);
    const problems = all.flatMap((target) => {
      if (matchProcess(target).status !== 'same')
        return [`${titleOf(target)} has ended; it cannot be let go on`];
      const problem = sendSignal(target.pid, 'SIGCONT');
      return problem === null ? [] : [`${titleOf(target)} could not be let go on (${problem})`];
    });
    return problems.length === 0
      ? done(receipt, `${namesOf(all)} ${all.length > 1 ? 'go' : 'goes'} on.`)
      : failed(receipt, `${problems.join('; ')}.`);
  },
};

function allOf({ process, others = [] }: Freeze): readonly ProcessIdentity[] {
  return [process, ...others];
}

function namesOf(all: readonly ProcessIdentity[]): string {
  const shown = all.slice(0, 4).map(titleOf).join(', ');
  return all.length <= 4 ? shown : `${shown} and ${count(all.length - 4, 'more', 'more')}`;
}
