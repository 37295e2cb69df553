import { z } from 'zod';
import { matchProcess } from '../process-identity.ts';
import { done, failed, ready, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { findTarget, isStopped, plannedProcess, sendSignal, stopSurely, titleOf } from './process-target.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.object({ process: plannedProcess, wasStopped: z.boolean() });

/** Stops a process where it stands (SIGSTOP, which cannot be caught). Undo lets it go on. */
export const freezeProcess: OperationPerformer<'freeze-process'> = {
  async prepare(operation, context) {
    const found = findTarget(operation.process, context, true);
    if (found.status === 'refused') return found;
    return ready({
      kind: 'freeze-process',
      process: { ...operation.process },
      wasStopped: isStopped(found.process),
    });
  },

  async perform(operation, receipt) {
    const title = titleOf(operation.process);
    const stopped = await stopSurely(operation.process);
    if (stopped.status === 'ended')
      return failed(
        receipt,
        `${title} ended before it could be frozen. Scan again: something may have started it anew.`,
      );
    if (stopped.status === 'failed') return failed(receipt, `${title} was not frozen: ${stopped.why}.`);
    const match = matchProcess(operation.process);
    if (match.status !== 'same') return failed(receipt, `${title} ended while it was being frozen.`);
    if (!isStopped(match.process))
      return failed(
        receipt,
        `${title} was sent SIGSTOP and has not stopped yet (state ${match.process.state}): it waits in the kernel and stops when that is over.`,
      );
    return done(
      receipt,
      `${title} is frozen${match.process.threads > 1 ? ` with its ${match.process.threads} threads` : ''}.`,
    );
  },

  async verify(operation) {
    const title = titleOf(operation.process);
    const match = matchProcess(operation.process);
    if (match.status === 'ended')
      return verified('does-not-hold', `${title} has ended; there is nothing to freeze any more.`);
    if (match.status === 'other')
      return verified('does-not-hold', `Process ${operation.process.pid} ${match.what}.`);
    if (isStopped(match.process)) return verified('holds', `${title} is stopped.`);
    return verified('does-not-hold', `${title} is running (state ${match.process.state}).`);
  },

  async undo(operation, receipt) {
    const title = titleOf(operation.process);
    if (readReceipt('freeze-process', fields, receipt).wasStopped)
      return done(receipt, `${title} was stopped before already and is left so.`);
    const match = matchProcess(operation.process);
    if (match.status !== 'same') return failed(receipt, `${title} has ended; it cannot be let go on.`);
    const problem = sendSignal(operation.process.pid, 'SIGCONT');
    return problem === null
      ? done(receipt, `${title} goes on.`)
      : failed(receipt, `${title} could not be let go on (${problem}).`);
  },
};
