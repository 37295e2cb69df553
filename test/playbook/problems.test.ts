import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import type { Problem, ProblemCode } from '../../src/playbook/playbook.ts';
import { formatProblem, formatProblems } from '../../src/playbook/problem-text.ts';
import { MAX_LENGTH } from '../../src/playbook/source.ts';
import { decodeHostBytes } from '../../src/text/host-bytes.ts';
import { textWidth } from '../../src/text/width.ts';
import { catalogue } from './catalogue.ts';

const folder = join(import.meta.dirname, 'fixtures', 'bad');
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

/** Every code, so that a new one without a bad playbook fails here (and does not compile). */
const CODES: Readonly<Record<ProblemCode, true>> = {
  'not-yaml': true,
  'too-large': true,
  'alias-bomb': true,
  'duplicate-key': true,
  'not-a-mapping': true,
  'missing-key': true,
  'unknown-key': true,
  'wrong-type': true,
  'wrong-value': true,
  'unknown-action': true,
  'bad-parameter': true,
  'duplicate-step': true,
  'unknown-step': true,
  'circular-needs': true,
  'bad-expression': true,
  'unknown-name': true,
  'expression-in-shell': true,
  'secret-in-clear': true,
  'conflicting-keys': true,
};

function check(file: string) {
  const text = decodeHostBytes(readFileSync(join(folder, file)));
  return { text, ...parsePlaybook(text, file, catalogue) };
}

describe('bad playbooks', () => {
  it.each(files)('%s is refused with every problem, its place and what was expected', async (file) => {
    const { text, playbook, problems } = check(file);
    const hasErrors = problems.some((problem) => problem.severity === 'error');
    expect(playbook === null).toBe(hasErrors);
    const golden = join(folder, file.replace(/yaml$/, 'txt'));
    expect(existsSync(golden), `${golden} is missing`).toBe(true);
    await expect(`${formatProblems(problems, text, file)}\n`).toMatchFileSnapshot(golden);
  });

  it('show every code at least once', () => {
    const seen = new Set(files.flatMap((file) => check(file).problems.map((problem) => problem.code)));
    expect([...seen].toSorted()).toEqual(Object.keys(CODES).toSorted());
  });

  it.each(files)('%s: every place is within the text, and in order', (file) => {
    const { text, problems } = check(file);
    const lines = text.split('\n');
    let last = 0;
    for (const problem of problems) {
      expect(problem.line).toBeGreaterThanOrEqual(last);
      expect(problem.line).toBeLessThanOrEqual(lines.length);
      expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] ?? '').length + 1);
      expect(problem.endLine * 1e6 + problem.endColumn).toBeGreaterThanOrEqual(
        problem.line * 1e6 + problem.column,
      );
      last = problem.line;
    }
  });
});

describe('problems of a playbook', () => {
  it('that is too large are one problem, found without reading it', () => {
    const { playbook, problems } = parsePlaybook('#'.repeat(MAX_LENGTH + 1), 'x.yaml', catalogue);
    expect(playbook).toBeNull();
    expect(problems.map((problem) => problem.code)).toEqual(['too-large']);
  });

  it('that is wrong throughout end after a hundred, and say how many follow', () => {
    const text = `name: x\ntitle: T\nsteps:\n${'  - { id: X }\n'.repeat(120)}`;
    const { problems } = parsePlaybook(text, 'x.yaml', catalogue);
    expect(problems).toHaveLength(100);
    expect(problems.at(-1)?.hint).toMatch(/\(\d+ more problems follow\)/);
  });
});

describe('formatProblem', () => {
  const at = (line: number, column: number, endColumn: number): Problem => ({
    code: 'wrong-value',
    severity: 'error',
    message: 'm',
    hint: null,
    line,
    column,
    endLine: line,
    endColumn,
  });
  const caretOf = (problem: Problem, text: string) => {
    const [, quoted = '', caret = ''] = formatProblem(problem, text, 'f').split('\n');
    const start = caret.indexOf('^');
    return { quoted, start, width: textWidth(caret) - start };
  };

  it('puts the caret under the piece behind tabs, wide characters and escapes', () => {
    const line = '\t漢字\u202e\x1b[2J💣 KEY: x';
    const column = line.indexOf('KEY') + 1;
    const { quoted, start, width } = caretOf(at(1, column, column + 3), line);
    expect(quoted).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
    expect(textWidth(quoted.slice(0, quoted.indexOf('KEY')))).toBe(start);
    expect(width).toBe(3);
  });

  it('shows the part around the caret of a line that is too long', () => {
    const line = `${'a'.repeat(500)} KEY ${'b'.repeat(500)}`;
    const { quoted, start } = caretOf(at(1, 502, 505), line);
    expect(textWidth(quoted)).toBeLessThan(120);
    expect(quoted.slice(start, start + 3)).toBe('KEY');
  });

  it('stands at the end of the line for what is missing there, and on nothing for a line that is not', () => {
    expect(caretOf(at(1, 4, 4), 'abc').start).toBe('  1 | abc'.length);
    expect(caretOf(at(9, 1, 1), 'abc').width).toBe(1);
  });

  it('makes file name, message and hint safe', () => {
    const problem = { ...at(1, 1, 2), message: 'a\x1bb', hint: 'c\rd' };
    expect(formatProblem(problem, 'x', 'f\x07')).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });
});
