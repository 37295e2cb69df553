import { setTimeout as pause } from 'node:timers/promises';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  NullLogger,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import { FrameError, frameGuard } from './frame-guard.ts';
import { PROTOCOL_VERSION, requests } from './protocol.ts';
import type { ToldResponder } from './responder.ts';
import { startTransport, type Transport } from './transport.ts';

export interface ConnectOptions {
  /** What the agent cannot see from where it is: the responder's real connection and account. */
  readonly responder?: ToldResponder;
  /** Added to this process's environment for the transport. */
  readonly environment?: Readonly<Record<string, string>>;
  /** True if the transport may ask for a password on the terminal (ssh, sudo); it then gets the terminal's signals. */
  readonly needsTerminal?: boolean;
  /** For the agent to answer at first. Default 30 s, with a terminal 5 min. */
  readonly startWithinMs?: number;
}

/** An open line to an agent: requests that fail at once, and with the reason, when the line is lost. */
export interface AgentLine {
  readonly connection: MessageConnection;
  /** Sends one request; an abort is handed on, and the answer still awaited. Throws UserError `host-lost`. */
  ask<T>(signal: AbortSignal | undefined, send: (source: CancellationTokenSource) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const CLOSE_WITHIN_MS = 2_000;

/** Starts the transport; `listen` registers what the agent may ask before the first byte is read. */
export async function openAgentLine(
  argv: readonly string[],
  options: ConnectOptions,
  listen: (connection: MessageConnection) => void,
): Promise<AgentLine> {
  const transport = await startTransport(argv, options);
  const guarded = transport.output.pipe(frameGuard());
  const connection = createMessageConnection(
    new StreamMessageReader(guarded),
    new StreamMessageWriter(transport.input),
    NullLogger,
  );
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  let isOpen = false;

  async function lose(error?: unknown): Promise<void> {
    // What it said on stderr, and how it ended, comes a little after the end of its output.
    const what =
      error instanceof FrameError ? describeNoise(error) : await transport.whenEnded(isOpen ? 1_000 : 5_000);
    lost.reject(isOpen ? lostError(what) : startError(argv, what));
    connection.dispose();
    transport.kill();
  }
  guarded.once('error', lose);
  guarded.once('end', () => void lose());
  for (const stream of [transport.input, transport.output]) stream.on('error', () => {});
  connection.onError(([error]) => void lose(error));
  listen(connection);
  connection.listen();

  async function ask<T>(
    signal: AbortSignal | undefined,
    send: (source: CancellationTokenSource) => Promise<T>,
  ) {
    const source = new CancellationTokenSource();
    const cancel = () => source.cancel();
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await Promise.race([send(source), lost.promise]);
    } catch (error) {
      // A line that is going down fails the request before anybody knows why: wait for the reason.
      if (isLineError(error)) return await lost.promise;
      throw fromResponseError(error);
    } finally {
      signal?.removeEventListener('abort', cancel);
      source.dispose();
    }
  }

  try {
    await shakeHands(ask, connection, transport, argv, options, lost.reject);
  } catch (error) {
    connection.dispose();
    transport.kill();
    throw error;
  }
  isOpen = true;
  return {
    connection,
    ask,
    async close() {
      // Politely first; a line that is lost already has nothing to say, and an agent that hangs says nothing.
      const said = ask(undefined, () => connection.sendRequest(requests.close)).catch(() => {});
      await Promise.race([said, pause(CLOSE_WITHIN_MS, undefined, { ref: false })]);
      transport.input.end();
      await transport.whenEnded(2_000);
      connection.dispose();
      transport.kill();
    },
  };
}

async function shakeHands(
  ask: AgentLine['ask'],
  connection: MessageConnection,
  transport: Transport,
  argv: readonly string[],
  options: ConnectOptions,
  giveUp: (error: UserError) => void,
): Promise<void> {
  const withinMs = options.startWithinMs ?? (options.needsTerminal ? 300_000 : 30_000);
  const timer = setTimeout(() => {
    giveUp(startError(argv, `It did not answer within ${Math.round(withinMs / 1000)} s.`));
    transport.kill();
  }, withinMs);
  try {
    const answer = await ask(undefined, () =>
      connection.sendRequest(requests.initialize, {
        protocol: PROTOCOL_VERSION,
        responder: options.responder ?? {},
      }),
    );
    if (answer?.protocol === PROTOCOL_VERSION) return;
    throw new UserError(
      'agent-version',
      `The agent speaks version ${Number(answer?.protocol)} of the protocol, this tourniquet version ${PROTOCOL_VERSION}.`,
      { hint: 'Install the same version of tourniquet at both ends.' },
    );
  } finally {
    clearTimeout(timer);
  }
}

function startError(argv: readonly string[], what: string): UserError {
  const command = printable(argv.join(' '));
  return new UserError('agent-start', `The agent could not be started with \`${command}\`. ${what}`.trim(), {
    hint: 'Run that command by hand: it must wait in silence. `tourniquet doctor` on the host says what it lacks.',
  });
}

function lostError(what: string): UserError {
  return new UserError(
    'host-lost',
    `The connection to the host was lost. ${what} Whether what was going on there was done is not known yet.`.replace(
      '  ',
      ' ',
    ),
    { hint: 'Once the host can be reached again, `tourniquet resume` asks it what was done and goes on.' },
  );
}

function describeNoise({ message, said }: FrameError): string {
  return said === ''
    ? `It sent ${message}.`
    : `It said something that is ${message}: "${printable(said)}". (A shell start file that prints is the usual cause.)`;
}

/** Failures of the line itself, as opposed to answers: codes -32099 … -32096 of vscode-jsonrpc, and its own errors. */
function isLineError(error: unknown): boolean {
  if (error instanceof ResponseError) return error.code >= -32_099 && error.code <= -32_096;
  return !(error instanceof UserError);
}

/** Code 1 is a UserError of the far end's (agent.ts); anything else is a bug there. */
function fromResponseError(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error;
  const data: unknown = error.data;
  const message = printable(error.message);
  if (error.code === 1 && typeof data === 'object' && data !== null && 'code' in data) {
    const hint = 'hint' in data && typeof data.hint === 'string' ? { hint: printable(data.hint) } : {};
    return new UserError(printable(String(data.code)), message, hint);
  }
  return new Error(`on the host: ${message}`, { cause: error });
}
