import type { IncidentHandle, OpenShell } from '../../engine/handle.ts';
import type { HeadlessResult } from '../../headless/headless-result.ts';
import { incidentFolder } from '../../journal/folder.ts';
import type { Risk } from '../../operations/risk.ts';
import { commandToType } from '../command-words.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { notifying } from '../notify/notifying.ts';

export interface FrontOptions {
  /** Plain questions and answers instead of the terminal interface. */
  readonly plain?: boolean;
  /** Unattended: approve what is within `maxRisk`. */
  readonly yes?: boolean;
  readonly maxRisk?: Risk;
  readonly choose?: 'malicious' | 'suspicious';
  /** A command that is given each record as it is written. */
  readonly mirror?: string;
  /** Who is told of what happens, beside those of the settings. */
  readonly notify?: readonly string[];
}

/** An incident that is run, or followed while another runs it. */
export interface Walked extends IncidentHandle {
  /** The bug that ended it, if one did. */
  readonly failure: unknown;
  /** Shows something that is not as it should be; null takes it away. */
  setNotice?(text: string | null): void;
}

export type FrontKind = 'terminal' | 'line' | 'headless';

/**
 * Who draws the incident: nobody, if nobody is there; questions and answers where the terminal can do no more, and
 * for a screen reader: lines that stay where they are read in order, a screen that is painted over is not.
 */
export function frontFor(context: CliContext, options: FrontOptions): FrontKind {
  if (options.yes || context.json) return 'headless';
  if (options.plain) return 'line';
  if (!context.stdin.isTTY) return 'headless';
  const { TERM, INK_SCREEN_READER } = context.environment;
  // As Ink takes it (its readme, "Screen Reader Support"): whoever has it set needs text and nothing else.
  if (context.plain || INK_SCREEN_READER === 'true') return 'line';
  return context.stdout.isTTY && TERM !== 'dumb' && TERM !== '' && TERM !== undefined ? 'terminal' : 'line';
}

/** Walks an incident with the front that fits, to its end or until the responder leaves. Always lets it go cleanly. */
export async function walk(context: CliContext, runner: Walked, options: FrontOptions): Promise<ExitCode> {
  const interrupted = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    interrupted.abort();
    void runner.leave(`ended by ${signal}`);
  };
  // SIGHUP: the connection dropped. Standing handlers also keep Node from ending at once.
  const signals: NodeJS.Signals[] = ['SIGHUP', 'SIGTERM'];
  const front = frontFor(context, options);
  const isRunner = runner.view().isFollowing === undefined;
  if (front === 'headless') signals.push('SIGINT');
  for (const signal of signals) process.on(signal, onSignal);
  const mirror =
    isRunner && options.mirror !== undefined ? await mirrored(context, runner, options.mirror, front) : null;
  const notified = isRunner ? await notifying(context, runner, options.notify ?? []) : null;
  try {
    const code = await FRONTS[front](context, runner, options, interrupted.signal);
    // Before it is left: what became of a step's message is noted. Whoever is cut off is not kept waiting.
    if (!interrupted.signal.aborted) await notified?.finish(NOTIFY_WAITS_MS);
    await runner.leave('left');
    await mirror?.end();
    if (interrupted.signal.aborted) await notified?.finish(NOTIFY_WAITS_MS);
    if (runner.failure) throw runner.failure;
    if (isRunner) await (await import('./say-left.ts')).sayLeft(context, front, runner);
    return interrupted.signal.aborted ? EXIT.interrupted : code;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

const MIRROR_WAITS_MS = 5000;
/** For notices that are still on their way when an incident is left. */
export const NOTIFY_WAITS_MS = 5000;

/** Sends the journal elsewhere while it is written; what is behind is said on every front. */
async function mirrored(context: CliContext, runner: Walked, command: string, front: FrontKind) {
  const { startMirror } = await import('./mirror.ts');
  let said: string | null = null;
  const notice = (text: string | null) => {
    if (text === said) return;
    said = text;
    runner.setNotice?.(text);
    if (front !== 'terminal') context.stderr.write(`tourniquet: ${text ?? 'the mirror has caught up'}\n`);
  };
  const { journal } = incidentFolder(runner.view().folder);
  const mirror = await startMirror({ command, journal, notice });
  const stop = runner.onRecord(() => mirror.wake());
  return {
    async end() {
      stop();
      if (await mirror.finish(MIRROR_WAITS_MS)) return;
      context.stderr.write('tourniquet: the mirror does not have all of it; send journal.jsonl by hand.\n');
    },
  };
}

type Front = (
  context: CliContext,
  runner: Walked,
  options: FrontOptions,
  signal: AbortSignal,
) => Promise<ExitCode>;

const FRONTS: Readonly<Record<FrontKind, Front>> = {
  async headless(context, runner, options, signal) {
    const { runHeadless } = await import('../../headless/run-headless.ts');
    const result = await runHeadless({
      handle: runner,
      output: context.stdout,
      format: context.json ? 'json' : 'text',
      approve: options.yes ?? false,
      maxRisk: options.maxRisk ?? 'reversible',
      choose: options.choose ?? 'malicious',
      signal,
    });
    return headlessExit(result);
  },

  async line(context, runner, _options, signal) {
    const { runLine } = await import('../../line/run-line.ts');
    const openShell: OpenShell | null =
      context.stdin.isTTY && context.stdout.isTTY
        ? async (handle, stepId, lend) =>
            (await import('./recorded-shell.ts')).recordedShell(context, handle, stepId, lend)
        : null;
    const settings = {
      ...{ nowMs: Date.now, isAscii: context.ascii, onInterrupt, signal, openShell },
      resumeCommand: (id: string) => commandToType(context, `resume ${id}`),
    };
    const { result } = await runLine({
      handle: runner,
      input: context.stdin,
      output: context.stdout,
      settings,
    });
    return result === 'interrupted' ? EXIT.interrupted : incidentExit(runner);
  },

  async terminal(context, runner) {
    const { runTerminal } = await import('./terminal.ts');
    await runTerminal(context, { kind: 'incident', handle: runner });
    return incidentExit(runner);
  },
};

function onInterrupt(listener: () => void): () => void {
  process.on('SIGINT', listener);
  return () => process.off('SIGINT', listener);
}

function headlessExit(result: HeadlessResult): ExitCode {
  switch (result.result) {
    case 'done':
      return result.failed.length + result.skipped.length + result.notRun.length > 0
        ? EXIT.unfinished
        : EXIT.done;
    case 'needs-approval':
    case 'needs-input':
      return EXIT.needsSomebody;
    case 'failed':
      return EXIT.unfinished;
    case 'stopped':
      return EXIT.unavailable;
    case 'interrupted':
      return EXIT.interrupted;
  }
}

/** A person who leaves knows what they leave; only a closed incident is judged. */
export function incidentExit(runner: Walked): ExitCode {
  const { incident } = runner.view();
  if (incident.closedAt === null) return EXIT.done;
  const isWhole = incident.steps.every((step) => step.status === 'done' || step.status === 'by-hand');
  return isWhole ? EXIT.done : EXIT.unfinished;
}
