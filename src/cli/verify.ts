import { checkpointPhrase } from '../journal/checkpoint.ts';
import { findIncidentFolder } from '../journal/folder.ts';
import { verifyIncident } from '../journal/verify-incident.ts';
import { safeJson } from '../text/json.ts';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

export interface VerifyOptions {
  /** Six words that were read from the head of the journal at some time. */
  readonly checkpoint?: string;
}

/** `tourniquet verify INCIDENT`: is it what was written? Names the first thing that does not fit, and all others. */
export async function verifyVerb(
  context: CliContext,
  name: string,
  options: VerifyOptions = {},
): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name);
  const check = await verifyIncident(folder, options.checkpoint ?? null);
  if (check.checkpoint?.status === 'no-phrase') {
    throw new UserError('bad-checkpoint', `That is no checkpoint phrase: ${check.checkpoint.hint}.`, {
      hint: '`tourniquet show` and the end of a run give one: six words, in their order.',
    });
  }
  const words = check.records > 0 ? checkpointPhrase(check.head) : null;
  if (context.json) {
    context.stdout.write(`${safeJson({ folder: folder.path, ...check, words }, 2)}\n`);
  } else {
    for (const fault of check.faults)
      context.stdout.write(`${printable(`${fault.where}: ${fault.message}`)}\n`);
    const what = `${check.records} records, ${check.files} files`;
    if (check.checkpoint?.status === 'contained') {
      context.stdout.write(
        `the checkpoint is the head of record ${check.checkpoint.seq} of ${check.records}\n`,
      );
    }
    context.stdout.write(
      check.faults.length === 0 ? `whole: ${what}, head ${check.head}\n` : `not whole: ${what}\n`,
    );
    if (words !== null) context.stdout.write(`checkpoint: ${words}\n`);
  }
  return check.faults.length === 0 ? EXIT.done : EXIT.unfinished;
}
