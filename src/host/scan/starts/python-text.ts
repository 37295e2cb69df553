import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';

const DECODES =
  /\b(b64decode|b32decode|a85decode|unhexlify|fromhex|zlib\.decompress|marshal\.loads|codecs\.decode)\b/;
const RUNS_CODE = /(?<![.\w])(exec|eval)\s*\(/;
const RUNS_PROGRAMS =
  /\b(os\.(?:system|popen|exec[lv]\w*|spawn[lv]\w*|fork)|subprocess\.\w+|pty\.spawn|socket\.(?:socket|create_connection)|urllib\.request|urlopen|requests\.(?:get|post))\b/;

/** What Python code that runs at every start of Python should not do. One trait of a kind, at its first line. */
export function pythonTraits(text: string): StartTrait[] {
  const lines = text.split('\n').map((line) => (line.trimStart().startsWith('#') ? '' : line));
  const whole = lines.join('\n');
  const lineOf = (pattern: RegExp): number => lines.findIndex((line) => pattern.test(line)) + 1;
  const traits: StartTrait[] = [];
  if (DECODES.test(whole) && RUNS_CODE.test(whole))
    traits.push({ code: 'python-decodes', what: '', line: lineOf(RUNS_CODE) });
  const runs = RUNS_PROGRAMS.exec(whole)?.[1];
  if (runs !== undefined) traits.push({ code: 'python-runs', what: runs, line: lineOf(RUNS_PROGRAMS) });
  return traits;
}

/** Texts in quotes that read like commands, with their lines: arguments of os.system and the like. */
export function quotedCommands(text: string): { readonly text: string; readonly line: number }[] {
  return [...numberedLines(text)].flatMap(({ line, number }) => {
    if (!RUNS_PROGRAMS.test(line)) return [];
    return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g)]
      .map((match) => match[1] ?? match[2] ?? '')
      .filter((quoted) => /[/\s]/.test(quoted))
      .map((quoted) => ({ text: quoted, line: number }));
  });
}
