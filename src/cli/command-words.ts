import { dirname } from 'node:path';
import { shellQuote } from '../operations/shell-quote.ts';
import { spellCommands } from '../text/own-commands.ts';
import { UserError } from '../text/user-error.ts';
import type { CliContext } from './context.ts';

/**
 * What the responder types to go on from here, e.g. `resume NAME`: by the name under which the program was found
 * this time, and with the folder that was named this time.
 */
export function commandToType(
  { environment, namedFolder }: Pick<CliContext, 'environment' | 'namedFolder'>,
  words: string,
): string {
  // npm sets it for its scripts and for npx (npm-run-script(1)); a checkout has no `tourniquet` on the PATH.
  const installed = environment.npm_command === undefined ? 'tourniquet' : 'npx tourniquet';
  // Carried to the host in a folder of its own (portable.mjs), it is on no PATH at all.
  const program = environment.TOURNIQUET_PROGRAM ? shellQuote(environment.TOURNIQUET_PROGRAM) : installed;
  return `${program} ${words}${namedFolder === undefined ? '' : ` --incident-dir ${shellQuote(namedFolder)}`}`;
}

/** For whoever has opened an incident: one that was named by its path may lie in another folder than the usual one. */
export function typing(
  context: Pick<CliContext, 'environment' | 'namedFolder' | 'root'>,
  { path }: { readonly path: string },
): { readonly commandToType: (words: string) => string } {
  const own = dirname(path);
  const namedFolder = own === context.root ? context.namedFolder : own;
  return { commandToType: (words) => commandToType({ ...context, namedFolder }, words) };
}

/** A mistake or hindrance in words, the commands that it names put as they have to be typed here. */
export function spelled(
  error: UserError,
  context: Pick<CliContext, 'environment' | 'namedFolder'>,
): UserError {
  const spell = (text: string) => spellCommands(text, (words) => commandToType(context, words));
  return new UserError(error.code, spell(error.message), {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: spell(error.hint) }),
  });
}
