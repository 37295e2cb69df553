import type { CommandText, OperationOf } from '../../../operations/operation.ts';
import type { OperationOutcome, Receipt } from '../../../operations/receipt.ts';
import { done, failed, ready, refused, verified } from '../../perform/outcome.ts';
import type { WindowsContext, WindowsPerformer } from '../windows-performer.ts';
import { commandLine } from './command-line.ts';
import { type Work, type WorkResult, work, workEnded } from './system-work.ts';

type Run = OperationOf<'run-command'>;
/** A check must not keep the responder waiting longer than this, whatever the command itself may take. */
const MOST_VERIFY_MS = 60_000;

/** A command of the playbook: PowerShell, or a program with its arguments. It runs as SYSTEM and outlives us. */
export const runCommand: WindowsPerformer<'run-command'> = {
  async prepare({ command, secretNames }, { folder }) {
    if ('argv' in command && (command.argv[0] ?? '') === '')
      return refused('invalid', 'The command is empty.');
    if (secretNames.length > 0)
      return refused(
        'unavailable',
        'On Windows a command would have to be handed its secrets by a file, so it gets none: do this step by hand.',
      );
    return ready({ kind: 'run-command', folder });
  },
  async perform(operation, receipt, context) {
    const result = await run(operation, operation.command, operation.id, operation.timeoutMs, context);
    return outcomeOf(result, receipt);
  },
  async verify(operation, receipt, session) {
    const at: Work = { session, folder: String(receipt.folder), id: operation.id };
    const ended = await workEnded(at);
    if (ended === null)
      return verified('unknown', 'It is not known to have ended: it was not begun, or it still runs.');
    if (operation.verify === null)
      return {
        ...verified(ended.exitCode === 0 ? 'holds' : 'does-not-hold', told(ended)),
        hasEnded: true,
      };
    const again = { ...at, id: `${operation.id}.verify.${Date.now()}` };
    const timeoutMs = Math.min(operation.timeoutMs, MOST_VERIFY_MS);
    const result = await work(again, 'run-command', given(operation, operation.verify, timeoutMs), {
      onOutput: () => {},
      onProgress: () => {},
    });
    if (result === null) return verified('unknown', 'The check was cut short.');
    return result.exitCode === 0
      ? verified('holds', 'The check holds.')
      : verified('does-not-hold', `The check says no. ${told(result)}`);
  },
  async undo(operation, receipt, context) {
    if (operation.undo === null) return failed(receipt, 'The playbook says nothing of how it is undone.');
    const id = `${operation.id}.undo`;
    return outcomeOf(await run(operation, operation.undo, id, operation.timeoutMs, context), receipt);
  },
};

function run(
  operation: Run,
  command: CommandText,
  id: string,
  timeoutMs: number,
  context: WindowsContext,
): Promise<WorkResult | null> {
  return work({ ...context, id }, 'run-command', given(operation, command, timeoutMs), context);
}

function given({ environment, workingFolder }: Run, command: CommandText, timeoutMs: number) {
  const [file = '', ...args] = 'argv' in command ? command.argv : [];
  return {
    text: 'shell' in command ? command.shell : '',
    file,
    arguments: commandLine(args),
    environment,
    workingFolder: workingFolder ?? 'C:\\',
    timeoutMs,
  };
}

function outcomeOf(result: WorkResult | null, receipt: Receipt): OperationOutcome {
  if (result === null) return failed(receipt, 'The waiting was cut short; the command goes on by itself.');
  return result.exitCode === 0 ? done(receipt, told(result)) : failed(receipt, told(result));
}

function told({ ok, message, exitCode }: WorkResult): string {
  return ok ? `It ended with exit code ${String(exitCode)}.` : `It could not be carried out: ${message}`;
}
