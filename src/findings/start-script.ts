import { LONGEST_LINE, numberedLines } from '../text/numbered-lines.ts';

/** One command of a file that something starts, with the line that it stands on. */
export interface StartCommand {
  /** With the variables filled in that the file itself sets. */
  readonly text: string;
  readonly line: number;
}

/**
 * A shell script line by line, so that what is found can be pointed at. Lines that go on after a backslash are one.
 * Plain assignments (`DIR=/tmp/.x`) are filled in where they are used: start scripts name their programs that way.
 */
export function scriptCommands(text: string): StartCommand[] {
  const out: StartCommand[] = [];
  const variables = new Map<string, string>();
  let before = '';
  let from = 0;
  for (const { line, number } of numberedLines(text)) {
    const whole = before + line;
    if (before === '') from = number;
    if (whole.endsWith('\\') && whole.length < LONGEST_LINE) {
      before = whole.slice(0, -1);
      continue;
    }
    before = '';
    const trimmed = whole.trim().slice(0, LONGEST_LINE);
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const filled = fillIn(trimmed, variables).slice(0, LONGEST_LINE);
    const set =
      /^(?:export\s+|readonly\s+|local\s+)?([A-Za-z_]\w*)=(?:"([^"$`\\]*)"|'([^']*)'|([^\s"'$`;|&<>()\\]*))\s*(?:#.*)?$/.exec(
        filled,
      );
    if (set !== null) variables.set(set[1] ?? '', set[2] ?? set[3] ?? set[4] ?? '');
    out.push({ text: filled, line: from });
  }
  return out;
}

function fillIn(line: string, variables: ReadonlyMap<string, string>): string {
  if (variables.size === 0 || !line.includes('$')) return line;
  return line.replace(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (whole, braced?: string, bare?: string) => {
    return variables.get(braced ?? bare ?? '') ?? whole;
  });
}
