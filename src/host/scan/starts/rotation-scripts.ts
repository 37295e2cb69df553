import { numberedLines } from '../../../text/numbered-lines.ts';
import { type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

/** What logrotate(8) runs as root each day: the lines between `postrotate` (and its like) and `endscript`. */
export const rotationScripts: StartReader = {
  mechanism: 'rotation-script',
  *list(look, scope) {
    const rest = { as: 'lines', parse: parseRotation } as const;
    yield { path: '/etc/logrotate.conf', account: null, ...rest };
    yield* placesIn(look, scope, '/etc/logrotate.d', rest);
  },
};

function parseRotation({ text }: StartText): ParsedStart {
  const commands: { text: string; line: number }[] = [];
  let isScript = false;
  for (const { line: whole, number } of numberedLines(text)) {
    const line = whole.trim();
    if (/^(?:pre|post)rotate$|^(?:first|last|preremove)action$|^preremove$/.test(line)) isScript = true;
    else if (line === 'endscript') isScript = false;
    else if (isScript && line !== '' && !line.startsWith('#')) commands.push({ text: line, line: number });
  }
  return { commands, isScript: true, isNothing: commands.length === 0 };
}
