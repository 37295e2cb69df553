import { shellQuote } from '../operations/shell-quote.ts';
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
  const program = environment.npm_command === undefined ? 'tourniquet' : 'npx tourniquet';
  return `${program} ${words}${namedFolder === undefined ? '' : ` --incident-dir ${shellQuote(namedFolder)}`}`;
}
