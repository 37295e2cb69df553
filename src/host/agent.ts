/**
 * Serves a Host over two streams (normally stdin and stdout of `tourniquet agent`).
 *
 * Rules of this boundary:
 *  - Nothing but protocol goes to the output.
 *  - When the client goes away, what only reads is cancelled, a change that was begun is finished, nothing new is
 *    begun, and `serveHost` returns. A long command lives on by itself (run-command) and is found again later.
 */
import type { Readable, Writable } from 'node:stream';
import {
  type CancellationToken,
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { OperationKind } from '../operations/operation.ts';
import { UserError } from '../text/user-error.ts';
import { evidenceToClient } from './agent-evidence.ts';
import { frameGuard } from './frame-guard.ts';
import type { Host, OperationContext } from './host.ts';
import {
  MAX_CHUNK_BYTES,
  notifications,
  type OperationCall,
  PROTOCOL_VERSION,
  requests,
} from './protocol.ts';
import type { ToldResponder } from './responder.ts';

export interface AgentOptions {
  /** How long a change that was begun is waited for after the client has gone. Default 30 s. */
  readonly finishWithinMs?: number;
}

/** They outlive the agent by design, so that nobody waits for them. */
const LIVE_ON: ReadonlySet<OperationKind> = new Set(['run-command', 'upgrade-packages']);

interface Call {
  readonly abort: AbortController;
  /** A change that is under way must not be dropped half done. */
  readonly mustFinish: boolean;
  readonly settled: Promise<unknown>;
}

/** Resolves when the client has gone or said `close`, and what had to be finished is finished. */
export async function serveHost(
  createHost: (responder: ToldResponder) => Host | Promise<Host>,
  input: Readable,
  output: Writable,
  options: AgentOptions = {},
): Promise<void> {
  const guarded = input.pipe(frameGuard());
  const connection = createMessageConnection(
    new StreamMessageReader(guarded),
    new StreamMessageWriter(output),
  );
  const calls = new Set<Call>();
  const gone = Promise.withResolvers<void>();
  // A broken pipe is how a client that went away shows itself; 'close' of the input follows it.
  for (const stream of [input, output, guarded]) stream.on('error', () => gone.resolve());
  for (const end of ['end', 'close']) guarded.on(end, () => gone.resolve());
  input.on('close', () => gone.resolve());
  connection.onClose(() => gone.resolve());
  connection.onError(() => gone.resolve());
  let host: Promise<Host> | null = null;
  let isGone = false;

  /** Runs one call of the client's: cancellable, remembered while it lasts, its errors made sendable. */
  async function run<T>(
    token: CancellationToken | null,
    mustFinish: boolean,
    work: (host: Host, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (host === null)
      throw toResponseError(new UserError('agent-order', 'The first request must be initialize.'));
    if (isGone) throw toResponseError(new UserError('host-lost', 'The client has gone.'));
    const abort = new AbortController();
    token?.onCancellationRequested(() => abort.abort());
    const working = host.then((on) => work(on, abort.signal));
    const call: Call = { abort, mustFinish, settled: Promise.allSettled([working]) };
    calls.add(call);
    try {
      return await working;
    } catch (error) {
      throw toResponseError(error);
    } finally {
      calls.delete(call);
    }
  }

  connection.onRequest(requests.initialize, async ({ protocol, responder }) => {
    if (protocol !== PROTOCOL_VERSION) {
      return { protocol: PROTOCOL_VERSION, pid: process.pid };
    }
    host ??= Promise.resolve(createHost(responder));
    await host;
    return { protocol: PROTOCOL_VERSION, pid: process.pid };
  });
  connection.onRequest(requests.admit, ({ incidentId, fence }, token) =>
    run(token, false, (on) => on.admit(incidentId, fence).then(() => null)),
  );
  connection.onRequest(requests.facts, (token) => run(token, false, (on) => on.facts()));
  connection.onRequest(requests.scan, ({ call, request }, token) =>
    run(token, false, (on, signal) =>
      on.scan(request, {
        signal,
        onProgress: (progress) =>
          tell(() => connection.sendNotification(notifications.scanProgress, { call, progress })),
      }),
    ),
  );
  connection.onRequest(requests['await-change'], (request, token) =>
    run(token, false, (on, signal) => on.awaitChange(request, { signal })),
  );
  connection.onRequest(requests.prepare, (call, token) =>
    run(token, false, (on, signal) => on.prepare(call.operation, contextOf(connection, call, signal))),
  );
  connection.onRequest(requests.perform, (call, token) =>
    run(token, !LIVE_ON.has(call.operation.kind), (on, signal) =>
      on.perform(call.operation, call.receipt, contextOf(connection, call, signal)),
    ),
  );
  connection.onRequest(requests['read-anew'], (call, token) =>
    run(
      token,
      true,
      async (on, signal) => (await on.readAnew?.(call.operation, contextOf(connection, call, signal))) ?? '',
    ),
  );
  connection.onRequest(requests.undo, (call, token) =>
    run(token, true, (on, signal) =>
      on.undo(call.operation, call.receipt, contextOf(connection, call, signal)),
    ),
  );
  connection.onRequest(requests.verify, ({ operation, receipt, secrets }, token) =>
    run(token, false, (on) => on.verify(operation, receipt, secrets)),
  );
  connection.onRequest(requests.confirm, ({ operation, receipt, how }, token) =>
    run(token, true, (on) => on.confirm(operation, receipt, how)),
  );
  connection.onRequest(requests.close, async () => {
    // After this answer is on its way.
    setImmediate(() => gone.resolve());
    return null;
  });
  connection.listen();

  await gone.promise;
  isGone = true;
  // Not cancelled: a long command must not end with the line over which it was started.
  const letGo = new UserError('let-go', 'the client has gone');
  for (const { abort, mustFinish } of calls) if (!mustFinish) abort.abort(letGo);
  await finished(calls, options.finishWithinMs ?? 30_000);
  await (await (host as Promise<Host> | null))?.close();
  connection.dispose();
}

function contextOf(
  connection: MessageConnection,
  { call, incidentId, secrets, fence }: OperationCall,
  signal: AbortSignal,
) {
  return {
    incidentId,
    secrets,
    fence,
    signal,
    evidence: evidenceToClient(connection, call),
    onOutput: (stream, bytes) => {
      for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES) {
        const data = Buffer.from(bytes.subarray(at, at + MAX_CHUNK_BYTES)).toString('base64');
        tell(() => connection.sendNotification(notifications.output, { call, stream, data }));
      }
    },
    onProgress: (progress) =>
      tell(() => connection.sendNotification(notifications.operationProgress, { call, progress })),
  } satisfies OperationContext;
}

/** Says something that needs no answer; to a client that has gone it is said to nobody. */
function tell(say: () => Promise<void>): void {
  try {
    say().catch(() => {});
  } catch {
    // The connection is closed: serveHost is on its way out.
  }
}

/** A responder's mistake keeps its code and hint across the line; a bug keeps its stack in the agent's stderr. */
function toResponseError(error: unknown): ResponseError<unknown> {
  if (error instanceof UserError)
    return new ResponseError(1, error.message, { code: error.code, hint: error.hint });
  if (error instanceof Error) {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    return new ResponseError(2, error.message, { stack: error.stack });
  }
  return new ResponseError(2, String(error));
}

async function finished(calls: ReadonlySet<Call>, withinMs: number): Promise<void> {
  const changes = [...calls].filter(({ mustFinish }) => mustFinish).map(({ settled }) => settled);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([Promise.all(changes), late]);
  clearTimeout(timer);
}
