/**
 * A host of which every call has an end: one that says nothing for too long is given up, with what it hangs in.
 *
 * What hangs does so at the host (a network mount whose server is gone, a stopped agent): nothing here can make it go
 * on. The call is rejected, the runner stops with that line, and the next one asks the host how far it came.
 */
import { describeOperation } from '../operations/describe.ts';
import type { Operation } from '../operations/operation.ts';
import { formatDuration } from '../text/format.ts';
import { UserError } from '../text/user-error.ts';
import type { EvidenceSink, Host, OperationContext } from './host.ts';

/** Milliseconds. Tools have limits of their own, which are shorter (run-tool.ts), so these are for what has none. */
export interface HostLimits {
  /** Whole calls. */
  readonly facts: number;
  readonly admit: number;
  readonly verify: number;
  readonly confirm: number;
  /** Without a word: no progress, no output, no evidence. Long work that says something may take as long as it takes. */
  readonly silentLook: number;
  readonly silentDeed: number;
}

const MINUTE = 60_000;
export const HOST_LIMITS: HostLimits = {
  facts: 2 * MINUTE,
  // A deed in hand is waited for, and then ended (fence.ts).
  admit: 3 * MINUTE,
  // A step's own check has a minute (run-command.ts).
  verify: 5 * MINUTE,
  confirm: 2 * MINUTE,
  silentLook: 5 * MINUTE,
  silentDeed: 10 * MINUTE,
};

/** Its calls reject with UserError `host-hangs` when their time is over. */
export function withLimits(host: Host, limits: HostLimits = HOST_LIMITS): Host {
  /** Prepare, perform, undo: everything they say on the way counts. */
  const deed = <T>(
    doing: string,
    operation: Operation,
    context: OperationContext,
    work: (context: OperationContext) => Promise<T>,
  ): Promise<T> => {
    const own = 'timeoutMs' in operation && doing === 'doing' ? operation.timeoutMs : 0;
    const what = () => `${doing} “${describeOperation(operation).title}”`;
    return within(limits.silentDeed + own, what, context.signal, (heard, signal) =>
      work(hearing(context, heard, signal)),
    );
  };
  return {
    ...host,
    facts: () =>
      within(
        limits.facts,
        () => 'saying what it is',
        undefined,
        () => host.facts(),
      ),
    admit: (incidentId, fence) =>
      within(
        limits.admit,
        () => 'waiting for what an earlier runner had in hand',
        undefined,
        () => host.admit(incidentId, fence),
      ),
    scan(request, context) {
      let last: string | null = null;
      const what = () => `looking${last === null ? '' : ` (at ${last})`}`;
      return within(limits.silentLook, what, context.signal, (heard, signal) =>
        host.scan(request, {
          signal,
          onProgress(progress) {
            last = progress.scope;
            heard();
            context.onProgress?.(progress);
          },
        }),
      );
    },
    awaitChange: (request, { signal: outer }) =>
      within(
        limits.silentLook + request.waitMs,
        () => 'waiting for changes',
        outer,
        (_heard, signal) => host.awaitChange(request, { signal }),
      ),
    prepare: (operation, context) =>
      deed('preparing', operation, context, (own) => host.prepare(operation, own)),
    perform: (operation, receipt, context) =>
      deed('doing', operation, context, (own) => host.perform(operation, receipt, own)),
    undo: (operation, receipt, context) =>
      deed('taking back', operation, context, (own) => host.undo(operation, receipt, own)),
    ...(host.readAnew === undefined
      ? {}
      : {
          readAnew: (operation, context) =>
            deed(
              'telling what reads it of',
              operation,
              context,
              async (own) => (await host.readAnew?.(operation, own)) ?? '',
            ),
        }),
    verify: (operation, receipt, secrets) =>
      within(
        limits.verify,
        () => `checking “${describeOperation(operation).title}”`,
        undefined,
        () => host.verify(operation, receipt, secrets),
      ),
    confirm: (operation, receipt, how) =>
      within(
        limits.confirm,
        () => `confirming “${describeOperation(operation).title}”`,
        undefined,
        () => host.confirm(operation, receipt, how),
      ),
  };
}

/** The context with every sign of life noted. */
function hearing(context: OperationContext, heard: () => void, signal: AbortSignal): OperationContext {
  const evidence: EvidenceSink = {
    async open(name, source) {
      heard();
      const writer = await context.evidence.open(name, source);
      return {
        async write(bytes) {
          heard();
          await writer.write(bytes);
          heard();
        },
        close: () => writer.close(),
      };
    },
  };
  return {
    ...context,
    evidence,
    signal,
    onOutput(stream, bytes) {
      heard();
      context.onOutput(stream, bytes);
    },
    onProgress(progress) {
      heard();
      context.onProgress(progress);
    },
  };
}

/** Rejects when `work` has neither ended nor been heard of for so long; it is aborted then. */
async function within<T>(
  limitMs: number,
  what: () => string,
  outer: AbortSignal | undefined,
  work: (heard: () => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const cancel = () => abort.abort(outer?.reason);
  if (outer?.aborted) cancel();
  outer?.addEventListener('abort', cancel, { once: true });
  const late = Promise.withResolvers<never>();
  // Counted in turns of our own, not by the clock: while this process was stopped nothing could be heard either.
  const everyMs = Math.min(1_000, Math.ceil(limitMs / 4));
  let silentMs = 0;
  const timer = setInterval(() => {
    silentMs += everyMs;
    if (silentMs < limitMs) return;
    const error = hangs(what(), limitMs);
    late.reject(error);
    abort.abort(error);
  }, everyMs);
  const working = work(() => {
    silentMs = 0;
  }, abort.signal);
  // Whatever it still comes to when it was given up.
  working.catch(() => {});
  try {
    return await Promise.race([working, late.promise]);
  } finally {
    clearInterval(timer);
    outer?.removeEventListener('abort', cancel);
  }
}

function hangs(what: string, limitMs: number): UserError {
  return new UserError(
    'host-hangs',
    `The host has said nothing for ${formatDuration(limitMs)} while ${what}, so it was given up. How far it came is not known yet.`,
    {
      hint: 'What hangs is mostly in state D (`ps -eo pid,stat,wchan:32,args`), and often a mount whose server is gone (`findmnt`). Then `tourniquet resume`: it asks the host how far it came, and goes on.',
    },
  );
}
