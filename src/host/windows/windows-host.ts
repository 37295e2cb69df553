import { createHash } from 'node:crypto';
import { win32 } from 'node:path';
import type { Operation, OperationKind } from '../../operations/operation.ts';
import { UserError } from '../../text/user-error.ts';
import type { Host, HostFacts, OperationContext } from '../host.ts';
import { failed, refused, verified } from '../perform/outcome.ts';
import type { ToldResponder } from '../responder.ts';
import { callScript } from './ask.ts';
import { awaitWindowsChange } from './await-change.ts';
import { LostCall } from './call.ts';
import { windowsPerformers } from './perform/registry.ts';
import { PowerShellSession, type SessionOptions } from './powershell-session.ts';
import { scanWindows } from './scan-windows.ts';
import { readWindowsFacts } from './windows-facts.ts';
import type { WindowsContext, WindowsPerformer } from './windows-performer.ts';

export interface WindowsHostOptions extends SessionOptions {
  readonly responder?: ToldResponder;
  /** `%ProgramData%`. */
  readonly programData: string;
}

/** A Windows machine, asked and changed through one PowerShell process that runs on it. */
export function createWindowsHost(options: WindowsHostOptions): Host {
  const session = new PowerShellSession(options);
  const told = options.responder ?? {};
  let latest: HostFacts | null = null;
  /** Names of programs that were started while it was watched. */
  const started = new Set<string>();

  async function facts(): Promise<HostFacts> {
    // Anew each time: who the responder is, by which processes, is what protects them.
    latest = await readWindowsFacts(session, process.pid, told);
    return latest;
  }

  /** The folder of an incident; @throws UserError `taken-over` if a later runner was here. */
  async function enter(incidentId: string, fence: string): Promise<string> {
    const root = win32.join(options.programData, 'tourniquet');
    const folder = win32.join(root, incidentId);
    const own = fenceParameters(fence);
    const outcome = await callScript(session, 'perform/private-folder', { Root: root, Path: folder, ...own });
    if (outcome.status !== 'answered')
      throw new LostCall(`The folder ${folder} cannot be used: ${outcome.message}`);
    const highest = (outcome.value[0] as { highest?: unknown } | undefined)?.highest;
    if (fence !== '' && typeof highest === 'number' && highest > own.Token)
      throw new UserError('taken-over', 'Somebody else has taken this incident over: nothing was done.', {
        hint: '`tourniquet resume` shows where it stands.',
      });
    return folder;
  }

  async function contextFor(context: OperationContext): Promise<WindowsContext> {
    const known = await facts();
    if (!known.isRoot)
      throw new LostCall(
        'That needs the rights of an administrator: start tourniquet from an elevated prompt.',
      );
    return {
      ...context,
      facts: known,
      session,
      folder: await enter(context.incidentId, context.fence ?? ''),
    };
  }

  return {
    facts,
    scan: async (request, context) => scanWindows(session, await facts(), request, context),
    awaitChange: (request, context) => awaitWindowsChange(session, request, context, started),
    prepare: (operation, context) =>
      withPerformer(
        operation,
        async (performer) => performer.prepare(operation, await contextFor(context)),
        (words) => refused('unavailable', words),
      ),
    perform: (operation, receipt, context) =>
      withPerformer(
        operation,
        async (performer) => performer.perform(operation, receipt, await contextFor(context)),
        (words) => failed(receipt, words),
      ),
    verify: (operation, receipt) =>
      withPerformer(
        operation,
        (performer) => performer.verify(operation, receipt, session),
        (words) => verified('unknown', words),
      ),
    confirm: (operation, receipt, how) =>
      withPerformer(
        operation,
        (performer) =>
          performer.confirm?.(operation, receipt, session, how) ??
          performer.verify(operation, receipt, session),
        (words) => verified('unknown', words),
      ),
    undo: (operation, receipt, context) =>
      withPerformer(
        operation,
        async (performer) => performer.undo(operation, receipt, await contextFor(context)),
        (words) => failed(receipt, words),
      ),
    async admit(incidentId, fence) {
      try {
        await enter(incidentId, fence);
      } catch (error) {
        // Looking must be possible without the rights to change anything: each deed asks again.
        if (!(error instanceof LostCall)) throw error;
      }
    },
    close: () => session.close(),
  };
}

/** `INCIDENT:NUMBER` (fence.ts): incidents that share a folder by chance do not fence each other. */
function fenceParameters(fence: string) {
  const at = fence.lastIndexOf(':');
  const name = createHash('sha256')
    .update(fence.slice(0, Math.max(at, 0)))
    .digest('hex')
    .slice(0, 16);
  return { FenceFile: `fence-${name}`, Token: Number(fence.slice(at + 1)) || 0 };
}

/** What the operation's performer says; where there is none, or the host did not say, `otherwise` with the reason. */
async function withPerformer<T>(
  { kind }: Operation,
  act: (performer: WindowsPerformer<OperationKind>) => Promise<T>,
  otherwise: (words: string) => T,
): Promise<T> {
  // The registry ties each kind to its performer; here, where any kind may come, that tie is lost to the compiler.
  const performer = windowsPerformers[kind] as unknown as WindowsPerformer<OperationKind> | undefined;
  if (performer === undefined) return otherwise(notHere(kind));
  try {
    return await act(performer);
  } catch (error) {
    return otherwise(wordsOf(error));
  }
}

function notHere(kind: OperationKind): string {
  return `“${kind}” is not done on Windows: do it by hand, and record the step as done by hand.`;
}

/** What the host did not say is an outcome; any other error is a bug and is thrown on. */
function wordsOf(error: unknown): string {
  if (error instanceof LostCall) return error.message;
  throw error;
}
