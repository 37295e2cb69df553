import type { StartCommand } from '../../../findings/start-script.ts';
import { logicalLines } from '../../../text/numbered-lines.ts';
import { includedFiles } from './included-files.ts';
import { type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

/** What logrotate(8) runs as root each day: the lines between `postrotate` (and its like) and `endscript`. */
export const rotationScripts: StartReader = {
  mechanism: 'rotation-script',
  *list(look, scope) {
    const rest = { as: 'lines', parse: parseRotation } as const;
    const main = '/etc/logrotate.conf';
    yield { path: main, account: null, ...rest };
    const inFolder = [...placesIn(look, scope, '/etc/logrotate.d', rest)];
    yield* inFolder;
    const files = [main, ...inFolder.map(({ path }) => path)];
    for (const path of includedFiles(look, scope, files, includesOf)) yield { path, account: null, ...rest };
  },
};

function includesOf(line: string): string[] {
  return /^\s*include[\s=]+"?([^\s"]+)/.exec(line)?.slice(1) ?? [];
}

/** The rest of their lines is passed over: a comment, an `=`. */
const BEGINS = /(?:^|[\s{])(?:(?:pre|post)rotate|(?:first|last|preremove)action|preremove)(?![\w/.-])/;
const PROGRAM = /^\s*(?:un)?compresscmd[\s=]+(\S+)/;

function parseRotation({ text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  let isScript = false;
  for (const { line: whole, numbers } of logicalLines(text)) {
    const line = whole.trim();
    const add = (command: string): void => {
      for (const number of numbers) commands.push({ text: command, line: number });
    };
    if (line === '' || line.startsWith('#')) continue;
    if (isScript) {
      if (/^endscript\b/.test(line)) isScript = false;
      else add(line);
    } else if (BEGINS.test(line)) isScript = true;
    else {
      const program = PROGRAM.exec(line)?.[1];
      if (program !== undefined) add(program);
    }
  }
  return { commands, isScript: true, isNothing: commands.length === 0 };
}
