/**
 * One PowerShell process that answers calls, one after the other, for as long as it lives.
 *
 * Rules of this boundary:
 *  - Scripts are those that came with the program; values reach them as parameters and in no other way.
 *  - A call that does not answer in time, floods, or answers what cannot be, ends the process: what comes after it could
 *    belong to anything. The next call starts a new one.
 *  - A call that was cut off is never repeated here. Whether a change was made is asked of the host by `verify`.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { printable } from '../../text/printable.ts';
import { type AnswerFrame, decodeAnswer, encodeCall, type ParameterValue } from './frames.ts';

export interface SessionOptions {
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Default 60 s. */
  readonly timeoutMs?: number;
  /** The longest answer, default 64 MiB. */
  readonly maxBytes?: number;
}

export interface Call {
  readonly name: string;
  readonly script: string;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type CallOutcome =
  | { readonly status: 'answered'; readonly value: readonly unknown[] }
  /** The script ended with an error of its own: `category` is PowerShell's, e.g. `ObjectNotFound`. */
  | { readonly status: 'failed'; readonly message: string; readonly category: string }
  /** The process went, or was ended: what the script had done by then is not known. */
  | {
      readonly status: 'lost';
      readonly reason: 'not-started' | 'died' | 'timed-out' | 'garbled' | 'too-large' | 'cancelled';
      readonly message: string;
    };

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const KEPT_STDERR_BYTES = 4096;

export class PowerShellSession {
  readonly #options: SessionOptions;
  #child: ChildProcessWithoutNullStreams | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Never throws for anything that the process does. */
  call(call: Call): Promise<CallOutcome> {
    const turn = this.#turn.then(() => this.#callNow(call));
    this.#turn = turn;
    return turn;
  }

  /** Lets the process end by itself, and ends it if it does not. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turn;
    const child = this.#child;
    if (child === null) return;
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
    await gone;
    clearTimeout(timer);
  }

  async #callNow({ name, script, parameters = {}, timeoutMs, signal }: Call): Promise<CallOutcome> {
    if (this.#isClosed) return lost('died', 'The line to PowerShell was closed.');
    if (signal?.aborted) return lost('cancelled', 'It was cancelled before it began.');
    this.#calls += 1;
    const id = String(this.#calls);
    const child = this.#child ?? this.#start();
    const { promise, resolve } = Promise.withResolvers<CallOutcome>();
    const limit = timeoutMs ?? this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const timer = setTimeout(
      () => resolve(lost('timed-out', `PowerShell did not answer “${name}” within ${limit / 1000} s.`)),
      limit,
    );
    const cancel = () => resolve(lost('cancelled', `“${name}” was cancelled.`));
    signal?.addEventListener('abort', cancel, { once: true });
    const stopReading = readFrames(child, this.#options.maxBytes ?? DEFAULT_MAX_BYTES, {
      frame: (got, answer) => {
        if (got === 'ready') return;
        // An answer to something else: whatever stands there does not keep to the protocol.
        if (got !== id || answer === 'garbled')
          resolve(lost('garbled', `PowerShell answered “${name}” with something that is no answer.`));
        else resolve(outcomeOf(answer));
      },
      flooded: () => resolve(lost('too-large', `The answer to “${name}” was larger than can be taken.`)),
      ended: (words) => resolve(lost('died', `PowerShell ended during “${name}”. ${words}`.trim())),
      unstartable: (words) => resolve(lost('not-started', `PowerShell could not be started: ${words}`)),
    });
    child.stdin.write(encodeCall({ id, name, script, parameters }));
    const outcome = await promise;
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
    stopReading();
    if (outcome.status === 'lost') this.#drop(child);
    return outcome;
  }

  #start(): ChildProcessWithoutNullStreams {
    const [command = '', ...args] = this.#options.argv;
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      ...(this.#options.environment ? { env: this.#options.environment } : {}),
    });
    // Both are said by the call that is under way; a line to a process that has gone must not end ours.
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    child.once('close', () => {
      if (this.#child === child) this.#child = null;
    });
    this.#child = child;
    return child;
  }

  #drop(child: ChildProcessWithoutNullStreams): void {
    if (this.#child === child) this.#child = null;
    child.kill('SIGKILL');
  }
}

interface Hearing {
  frame(id: string, answer: AnswerFrame | 'garbled'): void;
  flooded(): void;
  ended(words: string): void;
  unstartable(words: string): void;
}

/** Tells what comes until it is called off. */
function readFrames(child: ChildProcessWithoutNullStreams, maxBytes: number, hearing: Hearing): () => void {
  // A line comes in many pieces: it is put together once, when its end is there.
  let pieces: string[] = [];
  let length = 0;
  let stderr = '';
  const onData = (bytes: Buffer): void => {
    // latin1: frames are ASCII, and nothing else is looked at.
    const [first = '', ...more] = bytes.toString('latin1').split('\n');
    pieces.push(first);
    length += first.length;
    for (const next of more) {
      const frame = decodeAnswer(pieces.join(''));
      pieces = [next];
      length = next.length;
      if (frame !== null) hearing.frame(frame.id, frame.answer);
    }
    if (length > maxBytes) hearing.flooded();
  };
  const onStderr = (bytes: Buffer): void => {
    stderr = (stderr + bytes.toString('utf8')).slice(-KEPT_STDERR_BYTES);
  };
  const onClose = (code: number | null, signal: string | null): void => {
    const how = signal === null ? `Its exit code was ${code}.` : `It was ended by ${signal}.`;
    const said = printable(stderr.trim().replaceAll(/\s*\n\s*/g, ' | '));
    hearing.ended(said === '' ? how : `${how} It said: ${said}`);
  };
  const onError = (error: Error): void => hearing.unstartable(printable(error.message));
  child.stdout.on('data', onData);
  child.stderr.on('data', onStderr);
  child.on('close', onClose);
  child.on('error', onError);
  return () => {
    child.stdout.off('data', onData);
    child.stderr.off('data', onStderr);
    child.off('close', onClose);
    child.off('error', onError);
  };
}

function outcomeOf(answer: AnswerFrame): CallOutcome {
  return answer.ok
    ? { status: 'answered', value: answer.value }
    : { status: 'failed', message: printable(answer.message), category: printable(answer.category) };
}

function lost(
  reason: Extract<CallOutcome, { status: 'lost' }>['reason'],
  message: string,
): Extract<CallOutcome, { status: 'lost' }> {
  return { status: 'lost', reason, message };
}
