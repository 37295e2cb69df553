import { printable } from '../text/printable.ts';
import { textWidth } from '../text/width.ts';
import type { Problem } from './playbook.ts';

/** Columns of the quoted line; of a longer one, the part around the caret is shown. */
const MAX_COLUMNS = 100;
/** Columns of it that stay before the caret. */
const BEFORE_CARET = 40;

/**
 * A problem for a person and for an editor's error parser, without colour:
 *
 *     file.yaml:12:5: error [unknown-key] unknown key "neds"
 *       12 |     neds: [look]
 *          |     ^~~~
 *          = did you mean "needs"?
 *
 * `text` is the playbook's. Whatever it holds is made safe to show, and the caret stands under what is meant.
 */
export function formatProblem(problem: Problem, text: string, file: string): string {
  const { line, column, severity, code, message, hint } = problem;
  const head = `${printable(file)}:${line}:${column}: ${severity} [${code}] ${printable(message)}`;
  const quoted = quote(problem, lineOf(text, line));
  const number = String(line);
  const margin = ' '.repeat(number.length);
  const out = [head, `  ${number} | ${quoted.line}`.trimEnd(), `  ${margin} | ${quoted.caret}`];
  if (hint !== null) out.push(`  ${margin} = ${printable(hint)}`);
  return out.join('\n');
}

/** All of them, and how many there are. */
export function formatProblems(problems: readonly Problem[], text: string, file: string): string {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const counts = [counted(errors, 'error'), counted(problems.length - errors, 'warning')].filter(Boolean);
  const blocks = problems.map((problem) => formatProblem(problem, text, file));
  return [...blocks, `${printable(file)}: ${counts.join(', ') || 'no problems'}`].join('\n\n');
}

function counted(count: number, word: string): string {
  if (count === 0) return '';
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function lineOf(text: string, line: number): string {
  let start = 0;
  for (let number = 1; number < line; number += 1) {
    const next = text.indexOf('\n', start);
    if (next < 0) return '';
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
}

function quote(problem: Problem, line: string): { readonly line: string; readonly caret: string } {
  const from = Math.min(problem.column - 1, line.length);
  const lastColumn = problem.endLine === problem.line ? problem.endColumn - 1 : line.length;
  const to = Math.max(from, Math.min(lastColumn, line.length));
  // The three pieces are made safe apart, so that their widths add up to where the caret must stand.
  const pieces = [
    shown(line.slice(0, from)),
    shown(line.slice(from, to)),
    shown(line.slice(to, to + MAX_COLUMNS)),
  ];
  let [before = '', marked = '', after = ''] = pieces;
  if (textWidth(pieces.join('')) > MAX_COLUMNS) {
    before = clip(before, BEFORE_CARET, 'start');
    marked = clip(marked, MAX_COLUMNS - BEFORE_CARET, 'end');
    const room = MAX_COLUMNS - textWidth(before) - textWidth(marked);
    after = marked.endsWith('…') ? '' : clip(after, Math.max(1, room), 'end');
  }
  const width = Math.max(1, textWidth(marked));
  return {
    line: before + marked + after,
    caret: `${' '.repeat(textWidth(before))}^${'~'.repeat(width - 1)}`,
  };
}

/** Tabs become one blank; everything else that has no width or moves the cursor is written out. */
function shown(piece: string): string {
  return printable(piece.replaceAll('\t', ' '));
}

/** Keeps one end of a text, with a mark where the rest was. */
function clip(text: string, columns: number, cut: 'start' | 'end'): string {
  if (textWidth(text) <= columns) return text;
  const characters = Array.from(text);
  if (cut === 'start') characters.reverse();
  let kept = '';
  let width = 1;
  for (const character of characters) {
    width += textWidth(character);
    if (width > columns) break;
    kept = cut === 'start' ? character + kept : kept + character;
  }
  return cut === 'start' ? `…${kept}` : `${kept}…`;
}
