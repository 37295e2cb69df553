import type { YAMLParseError, YAMLWarning } from 'yaml';
import type { Fault } from './problem-list.ts';

/** The YAML reader's complaint, in words for somebody who does not know its grammar. */
export function faultOfYaml(error: YAMLParseError | YAMLWarning, text: string): Fault {
  const [message, hint] = WORDS[error.code] ?? [plain(error.message), null];
  const [start, end] = error.pos;
  return { code: 'not-yaml', message, hint: hint ?? hintOf(text, start), at: [start, Math.max(start, end)] };
}

/** By the reader's error codes (yaml, errors.d.ts). Those not named here explain themselves. */
const WORDS: Readonly<Record<string, readonly [message: string, hint: string | null]>> = {
  BLOCK_AS_IMPLICIT_KEY: ['a second ": " on one line', 'put a text that holds ": " in quotes'],
  TAB_AS_INDENT: ['a tab in the indentation', 'YAML indents with spaces'],
  BAD_SCALAR_START: ['a text cannot begin with this character', 'put it in quotes'],
  MULTIPLE_DOCS: ['a second document begins here', 'a file holds one playbook: remove the "---"'],
  TAG_RESOLVE_FAILED: ['playbooks have no YAML tags', 'leave out the word that begins with "!"'],
  MULTILINE_IMPLICIT_KEY: ['a key must stand on one line', 'is a ":" missing, or the indentation wrong?'],
};

function plain(message: string): string {
  const first = message.split('\n')[0] ?? '';
  return first
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

function hintOf(text: string, at: number): string | null {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(lineStart, text.indexOf('\n', at) < 0 ? undefined : text.indexOf('\n', at));
  if (line.includes('${{') && /[[{,]\s*[^\s"']*\$\{\{/.test(line))
    return 'within [ ] and { } put "${{ … }}" in quotes';
  return null;
}
