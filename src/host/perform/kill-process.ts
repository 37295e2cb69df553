import { readdirSync } from 'node:fs';
import { z } from 'zod';
import type { ProcessIdentity } from '../../operations/identity.ts';
import { hasEnded, matchProcess, readBootId, readProcess } from '../process-identity.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { collectEvidence } from './process-evidence.ts';
import {
  findTarget,
  isGone,
  isStopped,
  plannedProcess,
  sendSignal,
  stopSurely,
  titleOf,
  waitFor,
} from './process-target.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.object({
  process: plannedProcess,
  wasStopped: z.boolean(),
  children: z.array(z.object({ pid: z.number(), name: z.string() })),
});

/** The kernel frees a big process's memory before it is gone. */
const GONE_WITHIN_MS = 10_000;

/** Ends a process for good, after it was copied to the evidence. Stopped first, so that it is surely the one. */
export const killProcess: OperationPerformer<'kill-process'> = {
  async prepare(operation, context) {
    const title = titleOf(operation.process);
    const found = findTarget(operation.process, context, true);
    // Nothing is left to be killed, nor to be kept. Whether something has started it anew is seen by whoever looks next.
    if (found.status === 'refused' && hasEndedByItself(operation.process))
      return ready({
        kind: 'kill-process',
        process: { ...operation.process },
        wasStopped: false,
        children: [],
      });
    if (found.status === 'refused') return found;
    try {
      const { evidence, signal } = context;
      const taken = await collectEvidence(operation.process, {
        evidence,
        signal,
        memoryBytes: operation.memoryBytes ?? 0,
      });
      if (!taken.wasThereToTheEnd)
        return refused(
          'stale',
          `${title} ended, or became another program, while it was copied to the evidence. Scan again.`,
        );
      if (!taken.hasExecutable)
        return refused(
          'evidence',
          `The executable of ${title} could not be copied (${taken.missing[0] ?? 'unknown'}), and nothing is killed without evidence. Are you root?`,
        );
      const children = childrenOf(operation.process.pid);
      return ready(
        {
          kind: 'kill-process',
          process: { ...operation.process },
          wasStopped: isStopped(found.process),
          children,
        },
        taken.files,
      );
    } catch (error) {
      const why = signal(context.signal) ?? (error instanceof Error ? error.message : errorCode(error));
      return refused(
        'evidence',
        `${title} was not killed, because it could not be copied to the evidence: ${why}.`,
      );
    }
  },

  async perform(operation, receipt) {
    const { process: target } = operation;
    const title = titleOf(target);
    const { wasStopped, children } = readReceipt('kill-process', fields, receipt);
    const stopped = await stopSurely(target);
    if (stopped.status === 'ended')
      return done(receipt, `${title} had ended by itself before it was killed.`);
    if (stopped.status === 'failed') return failed(receipt, `${title} was not killed: ${stopped.why}.`);
    const threads = readProcess(target.pid)?.threads ?? 1;
    const problem = sendSignal(target.pid, 'SIGKILL');
    if (problem !== null && problem !== 'ESRCH') {
      if (!wasStopped) sendSignal(target.pid, 'SIGCONT');
      return failed(receipt, `${title} was not killed: SIGKILL was not allowed (${problem}).`);
    }
    const hasGone = await waitFor(() => isGone(target), GONE_WITHIN_MS);
    if (!hasGone)
      return failed(
        receipt,
        `${title} was sent SIGKILL but is still there (state ${readProcess(target.pid)?.state ?? '?'}): it hangs in the kernel, often on a dead network mount, and ends when that is over.`,
      );
    return done(
      receipt,
      `${title} is gone${threads > 1 ? ` with its ${threads} threads` : ''}${orphans(children)}.`,
    );
  },

  async verify(operation) {
    const title = titleOf(operation.process);
    const match = matchProcess(operation.process);
    if (match.status === 'ended') return verified('holds', `${title} has ended.`);
    if (match.status === 'other' && match.isReused)
      return verified('holds', `${title} has ended: process ${operation.process.pid} ${match.what}.`);
    if (match.status === 'other')
      return verified('does-not-hold', `Process ${operation.process.pid} is alive and ${match.what}.`);
    return verified('does-not-hold', `${title} is alive (state ${match.process.state}).`);
  },

  async undo(operation, receipt) {
    return failed(
      receipt,
      `${titleOf(operation.process)} was killed, which cannot be undone. Its executable and state are in the evidence.`,
    );
  },
};

/** Its number has not passed to another, and this is the boot that it was planned in. */
function hasEndedByItself(target: ProcessIdentity): boolean {
  return target.bootId === readBootId() && matchProcess(target).status === 'ended';
}

/** Those it has started and that outlive it. */
function childrenOf(pid: number): { pid: number; name: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const child = readProcess(Number(name));
      return child === null || child.parentPid !== pid || hasEnded(child)
        ? []
        : [{ pid: child.identity.pid, name: child.identity.name }];
    });
}

function orphans(children: readonly { pid: number; name: string }[]): string {
  const left = children.filter((child) => !hasEnded(readProcess(child.pid)));
  if (left.length === 0) return '';
  return `; it leaves ${left.length} child process(es): ${left.map((child) => `${child.name} (${child.pid})`).join(', ')}`;
}

function signal(given: AbortSignal | undefined): string | null {
  return given?.aborted ? 'it was cancelled' : null;
}
