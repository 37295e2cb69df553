import { coversEveryProgram } from '../../../findings/every-program.ts';
import type { StartCommand } from '../../../findings/start-script.ts';
import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { type ParsedStart, placesIn, ROOTS, type StartReader, type StartText } from './start-reader.ts';

/**
 * Which program the kernel starts for which form of file: binfmt.d(5), `:name:type:offset:magic:mask:interpreter:flags`
 * with any character for the colon (the kernel's admin-guide/binfmt-misc.rst). What is registered for the programs of
 * this very host is started with each of them.
 */
export const binfmtHandlers: StartReader = {
  mechanism: 'binfmt-handler',
  *list(look, scope) {
    for (const root of ROOTS)
      yield* placesIn(look, scope, `${root}/binfmt.d`, {
        as: 'drop-in',
        parse: parseBinfmt,
        name: /\.conf$/,
      });
  },
};

function parseBinfmt({ text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  const traits: StartTrait[] = [];
  for (const { line: whole, number } of numberedLines(text)) {
    const line = whole.trim();
    if (line === '' || /^[#;]/.test(line)) continue;
    const [, name = '', type = '', , magic = '', , interpreter = ''] = line.split(line[0] ?? ':');
    if (interpreter === '') continue;
    commands.push({ text: interpreter, line: number });
    if (type === 'M' && coversEveryProgram(hexOf(magic)))
      traits.push({ code: 'every-program', what: name, line: number });
  }
  return { commands, traits, isNothing: commands.length === 0 };
}

/** `\x7fELF` and `\x7f\x45\x4c\x46` are the same bytes. */
function hexOf(magic: string): string {
  const bytes = magic.match(/\\x[0-9a-f]{2}|[\x00-\x7f]/gi) ?? [];
  return bytes
    .map((byte) =>
      byte.length > 1 ? byte.slice(2).toLowerCase() : byte.charCodeAt(0).toString(16).padStart(2, '0'),
    )
    .join('');
}
