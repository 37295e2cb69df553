import { spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import { findTool } from './tool-lookup.ts';

/** A running command whose stdin and stdout are a line to an agent. */
export interface Transport {
  readonly input: Writable;
  readonly output: Readable;
  /** Waits for its end, but no longer than this, and says in a sentence what is known of it. */
  whenEnded(withinMs: number): Promise<string>;
  kill(): void;
}

const KEPT_STDERR_BYTES = 4096;
const KILL_AFTER_MS = 2_000;

/**
 * Starts it. Not by run-tool.ts, because this is a line that stays open, and because it runs on the responder's
 * side: ssh needs the responder's own environment (agent socket, home).
 */
export async function startTransport(
  argv: readonly string[],
  options: { readonly environment?: Readonly<Record<string, string>>; readonly needsTerminal?: boolean },
): Promise<Transport> {
  const [name = '', ...args] = argv;
  const path = isAbsolute(name) ? name : await findTool(name);
  if (path === null) {
    throw new UserError(
      'agent-start',
      `There is no \`${printable(name)}\` on this machine to reach the host with.`,
      {
        hint: `Install it, or give its absolute path.`,
      },
    );
  }
  const child = spawn(path, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
    // In a session of its own Ctrl-C at our terminal does not reach it; but it could not ask for a password there.
    detached: !options.needsTerminal,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR_BYTES);
  });
  let failure: string | null = null;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      failure = error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });

  return {
    input: child.stdin,
    output: child.stdout,
    async whenEnded(withinMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([ended, late]);
      clearTimeout(timer);
      return [howItEnded(), whatItSaid()].filter(Boolean).join(' ');
    },
    kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(end, KILL_AFTER_MS);
      child.once('exit', () => clearTimeout(timer));
    },
  };

  /** With the tools that it is waiting for. One that cannot even be killed (state D) is not waited for. */
  function end(): void {
    try {
      if (options.needsTerminal) child.kill('SIGKILL');
      else process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has just ended.
    }
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    child.unref();
  }

  function howItEnded(): string {
    if (failure !== null) return `It could not be run: ${printable(failure)}.`;
    if (child.signalCode !== null) return `It was ended by ${child.signalCode}.`;
    if (child.exitCode !== null) return `It ended with exit code ${child.exitCode}.`;
    return '';
  }

  function whatItSaid(): string {
    const lines = stderr.trim().split('\n').slice(-5);
    return lines[0] === '' ? '' : `It said: ${printable(lines.join(' | '))}`;
  }
}
