import { NameChecker } from './check-names.ts';
import { expressionNames } from './expression-names.ts';
import type { Path, Span } from './places.ts';
import type { JsonValue } from './playbook.ts';
import { get, listOf, mapOf, type RawMap } from './raw.ts';
import type { Source } from './source.ts';
import { OPENING, splitTemplate } from './template.ts';

/** Every expression can be read and uses names that there are; none stands where it would not be evaluated. */
export function checkExpressions(source: Source, file: JsonValue): void {
  const checker = new Checker(source, mapOf(file));
  const top = mapOf(file);
  for (const key of ['title', 'summary']) checker.plain(get(top, key), [key]);
  for (const [name, input] of Object.entries(mapOf(get(top, 'inputs')))) {
    checker.plain(input, ['inputs', name]);
  }
  checker.templates(get(top, 'env'), ['env'], true);
  for (const [index, value] of listOf(get(top, 'steps')).entries())
    checker.step(mapOf(value), ['steps', index]);
}

class Checker {
  private readonly source: Source;
  private readonly names: NameChecker;

  constructor(source: Source, file: RawMap) {
    this.source = source;
    this.names = new NameChecker(source, file);
  }

  step(step: RawMap, path: Path): void {
    for (const key of ['name', 'why', 'manual']) this.plain(get(step, key), [...path, key]);
    this.templates(get(step, 'env'), [...path, 'env'], true);
    this.templates(get(step, 'with'), [...path, 'with'], false);
    this.templates(get(step, 'by-hand'), [...path, 'by-hand'], false);
    for (const key of ['run', 'verify', 'undo']) {
      const command = get(step, key);
      if (typeof command === 'string') this.shell(command, [...path, key]);
      else this.templates(command, [...path, key], false);
    }
    const condition = get(step, 'if');
    if (typeof condition === 'string') this.condition(condition, [...path, 'if']);
  }

  /** Texts, lists and maps in which `${{ }}` is evaluated. */
  templates(value: JsonValue | undefined, path: Path, maySecret: boolean): void {
    if (typeof value === 'string') {
      this.template(value, path, maySecret);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.templates(item, [...path, index], maySecret);
    } else {
      for (const [key, item] of Object.entries(mapOf(value))) this.templates(item, [...path, key], maySecret);
    }
  }

  /** Texts in which it is not. */
  plain(value: JsonValue | undefined, path: Path): void {
    if (typeof value === 'string') {
      this.opening(
        value,
        path,
        'bad-expression',
        'an expression is not evaluated here',
        'only in with, env, lists of arguments and if',
      );
    } else if (typeof value === 'object' && value !== null) {
      const items = Array.isArray(value) ? value.entries() : Object.entries(value);
      for (const [key, item] of items) this.plain(item, [...path, key]);
    }
  }

  private shell(text: string, path: Path): void {
    this.opening(
      text,
      path,
      'expression-in-shell',
      'an expression within a shell text: its value would be read as shell commands',
      'put the value into env, and write "$NAME" here; or write the command as a list of arguments',
    );
  }

  private opening(
    text: string,
    path: Path,
    code: 'bad-expression' | 'expression-in-shell',
    message: string,
    hint: string,
  ): void {
    let count = 0;
    for (
      let at = text.indexOf(OPENING);
      at >= 0 && count < MOST_IN_ONE_TEXT;
      at = text.indexOf(OPENING, at + 1)
    ) {
      count += 1;
      const closing = text.indexOf('}}', at);
      this.add(
        code,
        message,
        hint,
        this.piece(path, text, at, closing < 0 ? at + OPENING.length : closing + 2),
      );
    }
  }

  private condition(text: string, path: Path): void {
    const bare = conditionText(text);
    const offset = text.indexOf(bare);
    const type = this.expression(bare, path, text, offset, false);
    if (type !== null && type !== 'bool' && type !== 'dyn') {
      this.add(
        'bad-expression',
        `the condition gives ${TYPES[type] ?? type}, not true or false`,
        'compare it with something',
        this.piece(path, text, offset, offset + bare.length),
      );
    }
  }

  private template(text: string, path: Path, maySecret: boolean): void {
    if (!text.includes(OPENING)) return;
    const split = splitTemplate(text);
    if ('unclosedAt' in split) {
      const at = this.piece(path, text, split.unclosedAt, split.unclosedAt + OPENING.length);
      this.add('bad-expression', `"${OPENING}" without its "}}"`, null, at);
      return;
    }
    for (const part of split.parts) {
      if (part.kind === 'expression') this.expression(part.text, path, text, part.start, maySecret);
    }
  }

  /** The type that it gives, or null if something is wrong with it. */
  private expression(
    cel: string,
    path: Path,
    text: string,
    offset: number,
    maySecret: boolean,
  ): string | null {
    const place = (start: number, end: number) =>
      this.piece(path, text, offset + start, offset + Math.max(end, start + 1));
    const result = expressionNames(cel);
    if (result.problem !== null) {
      const { message, start, end } = result.problem;
      this.add('bad-expression', message, null, place(start, end));
    }
    for (const { name, start, end } of result.unknown) this.names.unknown(name, place(start, end));
    for (const name of result.names) this.names.check(name, place(name.start, name.end), maySecret);
    return result.type;
  }

  private piece(path: Path, text: string, start: number, end: number): Span {
    return this.source.places.pieceAt(path, this.source.text, text, start, end);
  }

  private add(
    code: 'bad-expression' | 'expression-in-shell',
    message: string,
    hint: string | null,
    at: Span,
  ): void {
    this.source.problems.add({ code, message, hint, at });
  }
}

/** Whoever sees so many knows. */
const MOST_IN_ONE_TEXT = 20;

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a number',
  double: 'a number',
  null: 'nothing',
  list: 'a list',
  map: 'a map',
};

/** The CEL text of an `if:`, which may stand in `${{ }}` as in CI files. */
export function conditionText(text: string): string {
  const split = splitTemplate(text.trim());
  const [only] = 'parts' in split && split.parts.length === 1 ? split.parts : [];
  return only?.kind === 'expression' ? only.text : text.trim();
}
