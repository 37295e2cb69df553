import { Worker } from 'node:worker_threads';
import type { RuleMatch, RuleSource } from '../../findings/file-rules.ts';
import { cleanEnvironment } from '../run-tool.ts';
import { keepWebAssemblySmall } from '../small-memory.ts';
import type { RuleAnswer, RuleJob } from './rule-messages.ts';

/** YARA with its rules compiled, in a thread of its own; loaded only when it is asked for. */
export interface RuleThread {
  /** For each file of rules that is wrong its name and what the compiler says. With any, nothing is ever matched. */
  readonly faults: readonly (readonly string[])[];
  /** What the bytes fit, or why that is not known. The bytes are given away. */
  scan(
    bytes: Uint8Array<ArrayBuffer>,
    timeoutMs: number,
  ): Promise<readonly RuleMatch[] | { readonly failure: string }>;
  end(): Promise<void>;
}

/** Beyond the rule's own limit: then the thread is ended, and nothing more is matched by it. */
const GRACE_MS = 2_000;

/** `startWithinMs` is for loading and compiling. Gives the reason in words if it could not be had. */
export async function startRules(
  sources: readonly RuleSource[],
  startWithinMs: number,
): Promise<RuleThread | { readonly failure: string }> {
  keepWebAssemblySmall();
  const worker = new Worker(workerUrl(), {
    workerData: { sources },
    env: cleanEnvironment(),
    stdout: true,
    stderr: true,
  });
  let ended: string | null = null;
  const waiting = new Map<number, (answer: RuleAnswer | string) => void>();
  const end = (why: string): void => {
    ended ??= why;
    for (const resolve of waiting.values()) resolve(ended);
    waiting.clear();
    void worker.terminate();
  };
  worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => end('its thread ended'));
  worker.on('message', (answer: RuleAnswer) => {
    const id = answer.kind === 'compiled' ? COMPILED : answer.id;
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  const next = (id: number, withinMs: number): Promise<RuleAnswer | string> => {
    const { promise, resolve } = Promise.withResolvers<RuleAnswer | string>();
    if (ended !== null) return Promise.resolve(ended);
    const timer = setTimeout(() => end(`it took longer than ${withinMs} ms`), withinMs);
    waiting.set(id, (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    return promise;
  };

  const compiled = await next(COMPILED, startWithinMs);
  if (typeof compiled === 'string') return { failure: compiled };
  let last = COMPILED;
  return {
    faults: compiled.kind === 'compiled' ? compiled.faults : [],
    async scan(bytes, timeoutMs) {
      last += 1;
      const answered = next(last, timeoutMs + GRACE_MS);
      if (ended === null)
        worker.postMessage({ id: last, bytes, timeoutMs } satisfies RuleJob, [bytes.buffer]);
      const answer = await answered;
      if (typeof answer === 'string') return { failure: answer };
      if (answer.kind === 'compiled') return { failure: 'it answered something else' };
      return answer.failure === null ? answer.matches : { failure: answer.failure };
    },
    async end() {
      ended ??= 'it was ended';
      await worker.terminate();
    },
  };
}

const COMPILED = 0;

/** In the bundle it lies beside the chunks; from source beside this file. */
function workerUrl(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./rule-worker.${extension}`, import.meta.url);
}
