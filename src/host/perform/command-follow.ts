import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { endSession } from './command-end.ts';
import { type CommandSession, elapsedMs, forestall, readSession, settleSession } from './command-session.ts';
import { Tail } from './command-tail.ts';
import type { PerformContext } from './performer.ts';

export type SessionEnd =
  | { readonly status: 'ended'; readonly exitCode: number }
  | { readonly status: 'timed-out'; readonly exitCode: number | null }
  | { readonly status: 'cancelled'; readonly exitCode: number | null }
  | { readonly status: 'vanished'; readonly exitCode: null };

const LOOK_EVERY_MS = 25;
const TELL_EVERY_MS = 500;
const GRACE_MS = 5_000;
const BEGINS_WITHIN_MS = 10_000;

/**
 * Listens to a command till its end, from the first byte of its output on, whoever started it. A time limit counts
 * from its start, not from now. Cancelling and the limit end its whole session. `wrapper` is given by who has started
 * it just now, to be told of its end at once.
 */
export async function followSession(
  session: CommandSession,
  timeoutMs: number,
  context: PerformContext,
  wrapper: ChildProcess | null = null,
): Promise<SessionEnd> {
  const tails = (['stdout', 'stderr'] as const).map((stream) => ({
    stream,
    tail: new Tail(join(session.folder, stream)),
  }));
  const pass = () => {
    for (const { stream, tail } of tails) tail.read((bytes) => context.onOutput(stream, bytes));
  };
  let isStarted = false;
  const spawnedAt = performance.now();
  let toldAt = spawnedAt;
  let cause: 'timed-out' | 'cancelled' | null = null;
  for (;;) {
    // Letting go is not cancelling: the command goes on, and the next runner attaches to it.
    if (isLetGo(context.signal)) throw context.signal?.reason;
    const state = readSession(session);
    pass();
    // Until its wrapper has written down who it is, there is nothing that could have vanished.
    isStarted ||= state.status !== 'not-started';
    const isLate = !isStarted && performance.now() - spawnedAt > BEGINS_WITHIN_MS;
    if (state.status === 'vanished' || (isLate && forestall(session.folder))) {
      settleSession(session);
      return cause === null ? { status: 'vanished', exitCode: null } : { status: cause, exitCode: null };
    }
    if (state.status === 'ended') {
      pass();
      settleSession(session);
      return cause === null ? state : { status: cause, exitCode: state.exitCode };
    }
    if (state.status === 'running' && cause === null) {
      if (context.signal?.aborted) cause = 'cancelled';
      else if (elapsedMs(session) > timeoutMs) cause = 'timed-out';
      if (cause !== null) {
        await endSession(session, GRACE_MS);
        continue;
      }
      if (performance.now() - toldAt > TELL_EVERY_MS) {
        toldAt = performance.now();
        context.onProgress({ done: elapsedMs(session), total: null, unit: 'milliseconds' });
      }
    }
    await restOrEnd(wrapper);
  }
}

function isLetGo(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && (signal.reason as { code?: unknown } | null)?.code === 'let-go';
}

function restOrEnd(wrapper: ChildProcess | null): Promise<void> {
  return new Promise((resolve) => {
    const rest = () => {
      clearTimeout(timer);
      wrapper?.off('exit', rest);
      resolve();
    };
    const timer = setTimeout(rest, LOOK_EVERY_MS);
    wrapper?.once('exit', rest);
  });
}
