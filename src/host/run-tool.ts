/**
 * The one place where a host tool is started (and the only importer of execa).
 *
 * Rules of this boundary:
 *  - argv only, never a shell text.
 *  - A bare name is looked up in the trusted folders and nowhere else: a PATH, an alias or a file in the
 *    working folder that an intruder left is never followed. An absolute path is taken as it is.
 *  - The environment is made anew: no LD_*, no PATH of the caller's, one locale, so that output can be parsed.
 *  - A tool that fails, hangs or floods is an outcome, not an exception. A timeout ends its whole process group.
 *
 * The exception: performers of long commands (host/perform/run-command.ts) start a supervisor of their own.
 */
import { isAbsolute } from 'node:path';
import { findTool, TRUSTED_FOLDERS } from './tool-lookup.ts';

export interface ToolOptions {
  /** Standard input; without it the tool reads an empty one. */
  readonly input?: string | Uint8Array;
  /** Default 60 s. SIGTERM to the process group, SIGKILL 2 s later. */
  readonly timeoutMs?: number;
  /** Kept of each stream, default 16 MiB; what is beyond is read, dropped, and `truncated` is set. */
  readonly maxBytes?: number;
  /** Added to the clean environment. `LD_*`, `GCONV_PATH` and the like are left out. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingFolder?: string;
  /** Called with every piece as it comes, also with what is beyond `maxBytes`. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  readonly signal?: AbortSignal;
}

export interface ToolResult {
  /** null if it was ended by a signal or never started. */
  readonly exitCode: number | null;
  /** The signal that ended it, e.g. `SIGKILL`. */
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly timedOut: boolean;
  readonly truncated: boolean;
  /** Why it could not be started (not there, no permission, …); null if it was. */
  readonly failedToStart: string | null;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const KILL_AFTER_MS = 2_000;
/** After SIGKILL, on a host that has much to do. */
const DEAD_WITHIN_MS = 5_000;
/** How long output is awaited after the tool itself has ended, while something it left behind holds the pipe. */
const LINGER_MS = 500;

/** Runs one tool to its end. Never throws for anything that the tool does. */
export async function runTool(argv: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  const [name = '', ...args] = argv;
  const path = isAbsolute(name) ? name : await findTool(name);
  if (path === null) return notStarted(`${name || '(no name)'}: not in ${TRUSTED_FOLDERS.join(':')}`);
  if (options.signal?.aborted) return notStarted(`${name}: cancelled before it was started`);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const { execa } = await import('execa');
  const kept = {
    stdout: new Keep(options.maxBytes ?? DEFAULT_MAX_BYTES),
    stderr: new Keep(options.maxBytes ?? DEFAULT_MAX_BYTES),
  };
  const running = execa(path, args, {
    env: cleanEnvironment(options.environment),
    extendEnv: false,
    // The caller's own folder may be gone or belong to somebody else.
    cwd: options.workingFolder ?? '/',
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    buffer: false,
    encoding: 'buffer',
    timeout: timeoutMs,
    killDescendants: true,
    forceKillAfterDelay: KILL_AFTER_MS,
    reject: false,
    ...(options.signal ? { cancelSignal: options.signal } : {}),
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    running[stream]?.on('data', (bytes: Buffer) => {
      kept[stream].add(bytes);
      options.onOutput?.(stream, bytes);
    });
  }
  // A tool that leaves something in the background must not keep us waiting for the end of its output.
  let lingering: NodeJS.Timeout | undefined;
  running.nodeChildProcess.once('exit', () => {
    lingering = setTimeout(() => {
      running.stdout?.destroy();
      running.stderr?.destroy();
    }, LINGER_MS);
  });
  const stuck = overdue(timeoutMs, options.signal);
  const result = await Promise.race([running, stuck.promise]);
  stuck.clear();
  clearTimeout(lingering);
  if (result === null) {
    // In state D not even SIGKILL reaches it (a dead mount). It is left to the kernel; nobody waits for it.
    running.catch(() => {});
    for (const stream of [running.stdin, running.stdout, running.stderr]) stream?.destroy();
    running.nodeChildProcess.unref();
  }
  const hasStarted = running.pid !== undefined;
  return {
    exitCode: result?.exitCode ?? null,
    signal: result?.signal ?? null,
    stdout: kept.stdout.bytes(),
    stderr: kept.stderr.bytes(),
    timedOut: result?.timedOut ?? true,
    truncated: kept.stdout.isTruncated || kept.stderr.isTruncated,
    failedToStart: hasStarted ? null : `${path}: ${startFailure(result?.cause ?? result)}`,
  };
}

/** Resolves to null when a tool should have been dead for a while: its time was over, or it was cancelled. */
function overdue(timeoutMs: number, signal: AbortSignal | undefined) {
  const { promise, resolve } = Promise.withResolvers<null>();
  const afterKill = KILL_AFTER_MS + DEAD_WITHIN_MS;
  let timer = setTimeout(() => resolve(null), timeoutMs + afterKill);
  const cancelled = () => {
    clearTimeout(timer);
    timer = setTimeout(() => resolve(null), afterKill);
  };
  signal?.addEventListener('abort', cancelled, { once: true });
  const clear = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancelled);
  };
  return { promise, clear };
}

/** The environment every tool runs in: nothing of the caller's but what is given here. */
export function cleanEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: TRUSTED_FOLDERS.join(':'),
    LC_ALL: 'C.UTF-8',
    TERM: 'dumb',
  };
  for (const [name, value] of Object.entries(added)) if (!STEERS_LOADER.test(name)) environment[name] = value;
  return environment;
}

// Variables by which the dynamic linker or an interpreter loads other code (ld.so(8), iconv(1)).
const STEERS_LOADER = /^(LD_.*|GCONV_PATH|NODE_OPTIONS|BASH_ENV|ENV|PYTHONPATH|PERL5LIB|PERL5OPT)$/;

class Keep {
  isTruncated = false;
  readonly #pieces: Uint8Array[] = [];
  #room: number;

  constructor(maxBytes: number) {
    this.#room = maxBytes;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length > this.#room) this.isTruncated = true;
    const fitting = bytes.subarray(0, this.#room);
    if (fitting.length > 0) this.#pieces.push(fitting);
    this.#room -= fitting.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

function startFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code === 'ENOENT') return 'no such file (or its interpreter, or the working folder, is missing)';
  if (code === 'EACCES') return 'not executable, or not permitted';
  return (
    code ?? (error instanceof Error ? error.message.split('\n')[0] : undefined) ?? 'could not be started'
  );
}

function notStarted(reason: string): ToolResult {
  const nothing = Buffer.alloc(0);
  return {
    exitCode: null,
    signal: null,
    stdout: nothing,
    stderr: nothing,
    timedOut: false,
    truncated: false,
    failedToStart: reason,
  };
}
