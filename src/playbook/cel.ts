import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js';
import { parsePattern } from './pattern.ts';
import type { JsonValue } from './playbook.ts';

/** What was wrong with an expression; offsets in UTF-16 units of its text. */
export interface ExpressionProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Expression {
  readonly ast: ASTNode;
  /** The type as far as it can be known beforehand: `bool`, `string`, …, `dyn`. */
  readonly type: string;
  /** Throws what the library throws: a key that is not there, types that do not fit, division by zero. */
  run(scope: Readonly<Record<string, JsonValue>>): JsonValue;
}

export const SCOPE_ROOTS = ['inputs', 'host', 'steps', 'incident'] as const;
export type ScopeRoot = (typeof SCOPE_ROOTS)[number];

const MAX_EXPRESSION_LENGTH = 2000;
/** Loops in loops multiply; two levels over lists of inputs are more than a condition needs. */
const MAX_LOOPS = 2;
const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Reads and type-checks a CEL expression (https://github.com/google/cel-spec) without evaluating it. */
export function compileExpression(
  text: string,
): Expression | { readonly problem: ExpressionProblem; readonly ast: ASTNode | null } {
  const whole = { start: 0, end: text.length };
  if (text.trim() === '') return { problem: { message: 'the expression is empty', ...whole }, ast: null };
  if (text.length > MAX_EXPRESSION_LENGTH) {
    const message = `the expression is longer than ${MAX_EXPRESSION_LENGTH} characters`;
    return { problem: { message, ...whole }, ast: null };
  }
  try {
    const parsed: ParseResult = environment().parse(withPlainNames(text));
    const tooMuch = overLimits(parsed.ast, 0);
    if (tooMuch !== null) return { problem: tooMuch, ast: null };
    const checked = parsed.check();
    if (!checked.valid) return { problem: problemOf(checked.error, text), ast: parsed.ast };
    return {
      ast: parsed.ast,
      type: checked.type ?? 'dyn',
      run: (scope) => fromCel(parsed(celScope(scope)), 0),
    };
  } catch (error) {
    return { problem: problemOf(error, text), ast: null };
  }
}

/** The names that loops give to their items: `p` in `inputs.peers.all(p, p != "")`. */
export function loopNames(node: ASTNode): ReadonlySet<string> {
  const own = node.op === 'rcall' && LOOPS.has(node.args[0]) ? node.args[2][0] : undefined;
  const names = childrenOf(node).flatMap((child) => [...loopNames(child)]);
  return new Set(own?.op === 'id' ? [...names, own.args] : names);
}

/** The library's complaint in our words. */
export function problemOf(error: unknown, text: string): ExpressionProblem {
  const range = isObject(error) && isObject(error.range) ? error.range : null;
  const start = typeof range?.start === 'number' ? range.start : 0;
  const end = typeof range?.end === 'number' ? range.end : text.length;
  const summary = isObject(error) && typeof error.summary === 'string' ? error.summary : String(error);
  const message = summary
    .replaceAll('matchRE', 'matches')
    .replace(/^Unexpected token: EOF$/, 'the expression ends too early')
    .replace(/^No such key: (.*)$/s, 'there is no "$1"')
    .replace(/^found no matching overload for '(.*)'$/s, 'there is no function that fits "$1"')
    .replace(/^no such overload: (.*)$/s, 'these do not go together: $1')
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  return { message, start: Math.min(start, text.length), end: Math.min(Math.max(end, start), text.length) };
}

// Made when first needed: it costs some milliseconds, and a start does not evaluate anything.
let shared: Environment | null = null;

function environment(): Environment {
  if (shared !== null) return shared;
  shared = new Environment({
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 500, maxDepth: 40, maxListElements: 100, maxMapEntries: 50, maxCallArguments: 8 },
  });
  for (const root of SCOPE_ROOTS) shared.registerVariable(root, 'map');
  // The library's own `matches` is a JavaScript expression, which can take for ever; `withPlainNames` leads here.
  shared.registerFunction('string.matchRE(string): bool', (text: string, source: string) => {
    const pattern = parsePattern(source);
    if ('problem' in pattern) throw new Error(pattern.problem);
    return pattern.value.matchesSomewhere(text);
  });
  return shared;
}

/**
 * `inputs.allowed-peers` is written as in CI files, where CEL would read a subtraction: after `inputs.` and
 * `steps.` a dash without spaces belongs to the name. The length stays the same, so that positions do too.
 */
function withPlainNames(text: string): string {
  return text.replace(WORDS, (found: string, member: string | undefined, matches: string | undefined) => {
    if (member !== undefined) return found.replaceAll('-', '_');
    return matches === undefined ? found : '.matchRE';
  });
}

const WORDS = new RegExp(
  [
    // Strings, raw ones first (no escapes in them), and comments: passed over.
    /[rR][bB]?(?:"[^"\n]*"|'[^'\n]*')/,
    /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*/,
    /(?<![\w.])((?:inputs|steps)\.[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)/,
    /(\.matches)(?=\s*\()/,
  ]
    .map((part) => part.source)
    .join('|'),
  'g',
);

function overLimits(node: ASTNode, loops: number): ExpressionProblem | null {
  const { start, end } = node;
  let inside = loops;
  if (node.op === 'rcall') {
    if (node.args[0] === 'bind') return { message: 'cel.bind is not available here', start, end };
    if (LOOPS.has(node.args[0])) inside += 1;
    if (inside > MAX_LOOPS) return { message: `more than ${MAX_LOOPS} loops within each other`, start, end };
  }
  for (const child of childrenOf(node)) {
    const found = overLimits(child, inside);
    if (found !== null) return found;
  }
  return null;
}

export function childrenOf(node: ASTNode): readonly ASTNode[] {
  return nodesIn(node.args);
}

function nodesIn(value: unknown): readonly ASTNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return isObject(value) && typeof value.op === 'string' ? [value as unknown as ASTNode] : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/**
 * CEL tells integers and floating point numbers apart: whole numbers go in as integers. Maps go in as Map,
 * since the library asks an object for its constructor, and an input may be called that.
 */
function celScope(scope: Readonly<Record<string, JsonValue>>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const root of SCOPE_ROOTS) {
    const members = new Map<string, unknown>();
    for (const [name, value] of Object.entries(scope[root] ?? {})) {
      const converted = toCel(value);
      members.set(name, converted);
      members.set(name.replaceAll('-', '_'), converted);
    }
    out[root] = members;
  }
  return out;
}

function toCel(value: JsonValue | undefined): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (!isObject(value)) return value ?? null;
  return new Map(
    Object.entries(value as Readonly<Record<string, JsonValue>>).map(([key, v]) => [key, toCel(v)]),
  );
}

function fromCel(value: unknown, depth: number): JsonValue {
  if (depth > 40) throw new Error('the value is nested too deeply');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('the value is not a finite number');
    return value;
  }
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new Error('the number is too large');
    return number;
  }
  if (Array.isArray(value)) return value.map((item) => fromCel(item, depth + 1));
  const isPlain = isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
  if (value instanceof Map || isPlain) {
    const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
    return Object.fromEntries(entries.map(([key, item]) => [String(key), fromCel(item, depth + 1)]));
  }
  throw new Error(
    'the value is a time, a type or bytes, which a playbook cannot use; turn it into text first',
  );
}
