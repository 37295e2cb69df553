import type { LineCounter, YAMLParseError, YAMLWarning } from 'yaml';
import type { Fault } from './problem-list.ts';
import { OPENING } from './template.ts';

/** The YAML reader's complaint, in words for somebody who does not know its grammar. */
export function faultOfYaml(error: YAMLParseError | YAMLWarning, text: string): Fault {
  const [start, end] = error.pos;
  const [message, hint] = wordsFor(error, lineAt(text, start));
  return { code: 'not-yaml', message, hint, at: [start, Math.max(start, end)] };
}

type Words = readonly [message: string, hint: string | null];

/** By the reader's error codes (yaml, errors.d.ts). Those not named here explain themselves. */
const WORDS: Readonly<Record<string, Words>> = {
  TAB_AS_INDENT: ['a tab in the indentation', 'YAML indents with spaces'],
  BAD_SCALAR_START: ['a text cannot begin with this character', 'put it in quotes'],
  MULTIPLE_DOCS: ['a second document begins here', 'a file holds one playbook: remove the "---"'],
  TAG_RESOLVE_FAILED: ['playbooks have no YAML tags', 'leave out the word that begins with "!"'],
  MULTILINE_IMPLICIT_KEY: ['a key must stand on one line', 'is a ":" missing, or the indentation wrong?'],
};

function wordsFor(error: YAMLParseError | YAMLWarning, line: string): Words {
  if (line.includes(OPENING) && /[[{].*(?<!["'])\$\{\{/.test(line)) {
    return ['an expression within [ ] or { } without quotes', `put quotes around it: "${OPENING} … }}"`];
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY') {
    return /: .*: /.test(line)
      ? ['a second ": " on one line', 'put a text that holds ": " in quotes']
      : ['the lines after this one do not fit it', 'is the indentation wrong?'];
  }
  return WORDS[error.code] ?? [plain(error.message), null];
}

function plain(message: string): string {
  const first = message.split('\n')[0] ?? '';
  return first
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

function lineAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return text.slice(start, end < 0 ? undefined : end).slice(0, 500);
}

/** One mistake makes the YAML reader complain of all that follows on its line; a tab, of the rest of the file. */
export function worthReading<E extends YAMLParseError | YAMLWarning>(
  errors: readonly E[],
  lines: LineCounter,
): readonly E[] {
  const tab = errors.find((error) => error.code === 'TAB_AS_INDENT');
  const seen = new Set<number>();
  return errors
    .filter((error) => tab === undefined || error.pos[0] <= tab.pos[0])
    .toSorted((a, b) => a.pos[0] - b.pos[0])
    .filter((error) => {
      const { line } = lines.linePos(error.pos[0]);
      if (seen.has(line)) return false;
      seen.add(line);
      return true;
    });
}
