import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { CommandText, OperationOf } from '../../operations/operation.ts';
import type { OperationOutcome, Receipt } from '../../operations/receipt.ts';
import { formatDuration } from '../../text/format.ts';
import { UserError } from '../../text/user-error.ts';
import { toFsPath } from '../file-identity.ts';
import type { Secrets } from '../host.ts';
import { runTool } from '../run-tool.ts';
import { followSession } from './command-follow.ts';
import { maskSession } from './command-mask.ts';
import {
  argvOf,
  homeFolder,
  isPassable,
  newSession,
  readSessionPatiently,
  startSession,
} from './command-session.ts';
import { lastWords } from './command-words.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer, PerformContext } from './performer.ts';
import { operationFolder } from './private-folder.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.object({ folder: z.string(), bootId: z.string() });
type Run = OperationOf<'run-command'>;

/** A check must not keep the responder waiting longer than this, whatever the command itself may take. */
const MOST_VERIFY_MS = 60_000;

/** A command of the playbook. It outlives the runner; performing again attaches to it and never starts it twice. */
export const runCommand: OperationPerformer<'run-command'> = {
  async prepare(operation, context) {
    const argv = argvOf(operation.command);
    if (argv[0] === undefined || argv[0] === '') return refused('invalid', 'The command is empty.');
    const values = [...argv, ...Object.values(operation.environment), ...Object.values(context.secrets)];
    if (!values.every(isPassable))
      return refused('invalid', 'A value of the command has a NUL byte in it, which cannot be passed on.');
    const lost = operation.secretNames.filter((name) => context.secrets[name] === undefined);
    if (lost.length > 0)
      return refused(
        'unavailable',
        `The secret ${lost.join(', ')} is not known any more (secrets are never written down). Enter it again.`,
      );
    const { workingFolder } = operation;
    if (workingFolder !== null && !existsSync(toFsPath(workingFolder)))
      return refused('unavailable', `The working folder ${workingFolder} is not there.`);
    const folder = operationFolder(context.hostFolder, 'commands', operation.id);
    return ready({ kind: 'run-command', ...(await newSession(folder)) });
  },

  async perform(operation, receipt, context) {
    return runOrAttach(
      operation,
      operation.command,
      receipt,
      readReceipt('run-command', fields, receipt),
      context,
    );
  },

  async verify(operation, receipt, secrets = {}) {
    const state = await readSessionPatiently(readReceipt('run-command', fields, receipt));
    if (state.status === 'not-started') return verified('does-not-hold', 'The command was never started.');
    if (state.status === 'running')
      return verified('in-progress', `The command is still running (process ${state.pid}).`);
    if (state.status === 'vanished')
      return verified(
        'unknown',
        'The command was started and is gone, and how it ended was not written down: it was killed, or the machine went down. Look at its output before running it again.',
      );
    if (operation.verify === null) {
      const status = state.exitCode === 0 ? 'holds' : 'does-not-hold';
      return { ...verified(status, `It ended with exit code ${state.exitCode}.`), hasEnded: true };
    }
    const lost = operation.secretNames.filter((name) => !secrets[name]);
    if (lost.length > 0)
      return {
        status: 'unknown',
        detail: `The check needs the secret ${lost.join(', ')}, which is not known any more (secrets are never written down).`,
        hasEnded: true,
      };
    const checked = await check(operation, operation.verify, pickSecrets(operation, secrets));
    return { ...checked, hasEnded: true };
  },

  async undo(operation, receipt, context) {
    if (operation.undo === null)
      return failed(
        receipt,
        'This command has no undo in the playbook. What it changed must be taken back by hand.',
      );
    const { folder } = readReceipt('run-command', fields, receipt);
    // One that failed or vanished may be tried again; one that goes on is attached to.
    const session = await newSession(`${folder}.undo`);
    return runOrAttach(operation, operation.undo, receipt, session, context);
  },
};

async function runOrAttach(
  operation: Run,
  command: CommandText,
  receipt: Receipt,
  session: z.infer<typeof fields>,
  context: PerformContext,
): Promise<OperationOutcome> {
  const secrets = pickSecrets(operation, context.secrets);
  try {
    const state = await readSessionPatiently(session);
    let wrapper: ChildProcess | null = null;
    if (state.status === 'not-started') {
      if (context.signal?.aborted) return failed(receipt, 'Cancelled before it was started.');
      const environment = { ...operation.environment, ...secrets };
      const { workingFolder } = operation;
      wrapper = await context.whileFenced(() =>
        startSession(session, { command, environment, workingFolder }),
      );
    }
    const end = await followSession(session, operation.timeoutMs, context, wrapper);
    maskSession(session, Object.values(secrets));
    if (end.status === 'vanished')
      return failed(
        receipt,
        `The command is gone, and how it ended was not written down: it was killed, or the machine went down. What it put out is in ${session.folder}.`,
      );
    const { exitCode } = end;
    if (end.status === 'timed-out')
      return failed(
        receipt,
        `It took longer than ${formatDuration(operation.timeoutMs)} and was ended, with all that it had started.`,
        { exitCode },
      );
    if (end.status === 'cancelled')
      return failed(
        receipt,
        'It was cancelled and ended, with all that it had started. What it had done by then stays done.',
        { exitCode },
      );
    if (end.exitCode !== 0)
      return failed(
        receipt,
        `It ended with exit code ${end.exitCode}${meaning(end.exitCode)}.${lastWords(session)}`,
        { exitCode },
      );
    return done(receipt, 'It ended with exit code 0.', { exitCode });
  } catch (error) {
    if (error instanceof UserError) throw error;
    return failed(
      receipt,
      `It could not be started: ${error instanceof Error ? error.message : errorCode(error)}.`,
    );
  }
}

/** Secrets go into the command's environment, over the empty values that the journal holds, and nowhere else. */
function pickSecrets({ secretNames }: Run, secrets: Secrets): Record<string, string> {
  return Object.fromEntries(
    secretNames.flatMap((name) => (secrets[name] === undefined ? [] : [[name, secrets[name]]])),
  );
}

async function check(operation: Run, command: CommandText, secrets: Secrets) {
  const timeoutMs = Math.min(operation.timeoutMs, MOST_VERIFY_MS);
  const result = await runTool(argvOf(command), {
    timeoutMs,
    environment: { HOME: homeFolder(), ...operation.environment, ...secrets },
    ...(operation.workingFolder === null ? {} : { workingFolder: operation.workingFolder }),
  });
  const said =
    (result.stdout.toString('utf8').trim() || result.stderr.toString('utf8').trim()).split('\n').at(-1) ?? '';
  const detail = said === '' ? '' : ` It said: ${said.slice(0, 200)}`;
  if (result.failedToStart !== null)
    return verified('unknown', `The check could not be run: ${result.failedToStart}.`);
  if (result.timedOut) return verified('unknown', `The check took longer than ${formatDuration(timeoutMs)}.`);
  if (result.exitCode === 0) return verified('holds', `The check holds.${detail}`);
  return verified('does-not-hold', `The check failed (exit code ${result.exitCode ?? 'none'}).${detail}`);
}

/** What shells mean by it (POSIX, Exit Status for Commands). */
function meaning(exitCode: number): string {
  if (exitCode === 126) return ': it was found but could not be executed';
  if (exitCode === 127) return ': it was not found in the trusted folders';
  return exitCode > 128 && exitCode <= 192 ? `: ended by signal ${exitCode - 128}` : '';
}
