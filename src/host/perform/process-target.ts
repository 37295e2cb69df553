import { z } from 'zod';
import type { ProcessIdentity } from '../../operations/identity.ts';
import type { Refusal } from '../../operations/receipt.ts';
import { hasEnded, matchProcess, type ProcessState, readProcess } from '../process-identity.ts';
import type { PerformContext } from './performer.ts';
import { protectedProcess } from './protected-targets.ts';

/** A ProcessIdentity in a receipt. */
export const plannedProcess = z.object({
  pid: z.number(),
  startTicks: z.string(),
  bootId: z.string(),
  exePath: z.string().nullable(),
  exeInode: z.string().nullable(),
  name: z.string(),
});

/** `kworkerds (812)` */
export function titleOf(target: ProcessIdentity): string {
  return `${target.name} (${target.pid})`;
}

export type ProcessTarget =
  | { readonly status: 'same'; readonly process: ProcessState }
  | { readonly status: 'refused'; readonly refusal: Refusal };

/** The process that was planned against, if it is still there and may be acted on. */
export function findTarget(
  target: ProcessIdentity,
  context: PerformContext,
  willStop: boolean,
): ProcessTarget {
  const reason = willStop ? protectedProcess(target, context) : null;
  if (reason !== null) return refuse('responder', `${reason} It is left alone. Take it out of the plan.`);
  const match = matchProcess(target);
  if (match.status === 'ended')
    return refuse('stale', `${titleOf(target)} has ended. Scan again: something may have started it anew.`);
  if (match.status === 'other')
    return refuse('stale', `Process ${target.pid} ${match.what}. Scan again and plan anew.`);
  if (willStop && match.process.isKernelThread)
    return refuse(
      'invalid',
      `${titleOf(target)} is a thread of the kernel, which cannot be stopped or killed.`,
    );
  return match;
}

/** Sends a signal. Returns what went wrong: `ESRCH` it is gone, `EPERM` not allowed; null if nothing. */
export function sendSignal(pid: number, signal: NodeJS.Signals): string | null {
  try {
    process.kill(pid, signal);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

export type Stopped =
  | { readonly status: 'stopped' | 'ended' }
  | { readonly status: 'failed'; readonly why: string };

/** Stops a process, if it is the one that was planned. See {@link stopAll}. */
export async function stopSurely(target: ProcessIdentity): Promise<Stopped> {
  const [result] = await stopAll([target]);
  return result ?? { status: 'ended' };
}

/**
 * Stops processes, each if it is the one that was planned: looks at all, signals all without a pause in between, then
 * looks again. Between look and signal a number could have passed to another; a stopped process keeps its number, so
 * the look after the signal is certain, and another one is let go on at once. Answers in the order of `targets`.
 */
export async function stopAll(targets: readonly ProcessIdentity[]): Promise<readonly Stopped[]> {
  const before = targets.map((target) => matchProcess(target));
  const sent = targets.map(({ pid }, index) =>
    before[index]?.status === 'same' ? sendSignal(pid, 'SIGSTOP') : null,
  );
  const results = targets.map((target, index): Stopped => {
    const [match, problem] = [before[index], sent[index]];
    if (match === undefined || match.status === 'ended') return { status: 'ended' };
    if (match.status === 'other') return { status: 'failed', why: `process ${target.pid} ${match.what}` };
    if (problem === 'ESRCH') return { status: 'ended' };
    if (problem) return { status: 'failed', why: `SIGSTOP was not allowed (${problem})` };
    const after = matchProcess(target);
    if (after.status === 'ended') return after;
    if (after.status === 'same') return { status: 'stopped' };
    sendSignal(target.pid, 'SIGCONT');
    return { status: 'failed', why: `process ${target.pid} ${after.what}; that one was let go on at once` };
  });
  const stopping = targets.filter((_, index) => results[index]?.status === 'stopped');
  await waitFor(
    () =>
      stopping.every(({ pid }) => {
        const now = readProcess(pid);
        return hasEnded(now) || isStopped(now);
      }),
    2_000,
  );
  return results;
}

/** Whether it has ended, or its number has passed to another. */
export function isGone(target: ProcessIdentity): boolean {
  const match = matchProcess(target);
  return match.status === 'ended' || (match.status === 'other' && match.isReused);
}

/** Stopped by a signal or by a tracer. */
export function isStopped(process: ProcessState | null): boolean {
  return process?.state === 'T' || process?.state === 't';
}

/** Looks again and again until it holds; false if it does not within the time. */
export async function waitFor(holds: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (holds()) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function refuse(code: Refusal['code'], message: string): ProcessTarget {
  return { status: 'refused', refusal: { code, message } };
}
