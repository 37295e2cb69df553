import type { ASTNode } from '@marcbachmann/cel-js';
import { compileExpression, problemOf } from './cel.ts';
import { namesIn, plainName } from './expression-names.ts';
import type { JsonValue } from './playbook.ts';
import { OPENING, soleExpression, splitTemplate } from './template.ts';

/** What an expression sees: `{inputs, host, steps: {<id>: {status, found, chosen}}, incident: {id}}`. */
export type ExpressionScope = Readonly<Record<string, JsonValue>>;

/** An interpolated text or a command line longer than this is a mistake. */
const MAX_TEXT_LENGTH = 65_536;
const MAX_DEPTH = 40;

/** Whether a step's `if:` holds. Pure and bounded; a value that is not true or false is an error, not a guess. */
export function evaluateCondition(
  text: string,
  scope: ExpressionScope,
): { readonly value: boolean } | { readonly error: string } {
  const result = evaluate(text, scope);
  if ('error' in result) return result;
  if (typeof result.value === 'boolean') return { value: result.value };
  return { error: `"${text}" gives ${JSON.stringify(result.value)}, not true or false` };
}

/**
 * A value of a playbook with every `${{ … }}` in its texts evaluated, through lists and maps. A text that is
 * one `${{ … }}` and nothing else becomes the value with its type; within a text values are written as
 * `textOf` writes them. The first error ends it.
 */
export function resolveTemplate(
  value: JsonValue,
  scope: ExpressionScope,
): { readonly value: JsonValue } | { readonly error: string } {
  try {
    return { value: resolve(value, scope, 0) };
  } catch (error) {
    if (error instanceof Unresolvable) return { error: error.message };
    throw error;
  }
}

/** An argv: as `resolveTemplate`, and an argument that is one expression giving a list becomes that many arguments. */
export function resolveArguments(
  argv: readonly string[],
  scope: ExpressionScope,
): { readonly value: readonly string[] } | { readonly error: string } {
  const out: string[] = [];
  for (const argument of argv) {
    const resolved = resolveTemplate(argument, scope);
    if ('error' in resolved) return resolved;
    if (Array.isArray(resolved.value)) out.push(...resolved.value.map(textOf));
    else out.push(textOf(resolved.value));
  }
  return { value: out };
}

/** Environment variables as text. */
export function resolveEnvironment(
  env: Readonly<Record<string, string>>,
  scope: ExpressionScope,
): { readonly value: Readonly<Record<string, string>> } | { readonly error: string } {
  const out: [string, string][] = [];
  for (const [name, template] of Object.entries(env)) {
    const resolved = resolveTemplate(template, scope);
    if ('error' in resolved) return { error: `${name}: ${resolved.error}` };
    out.push([name, textOf(resolved.value)]);
  }
  return { value: Object.fromEntries(out) };
}

/** A value within a text: nothing for null, lists with commas between (as inputs are typed), maps as JSON. */
function textOf(value: JsonValue): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

class Unresolvable extends Error {}

function evaluate(text: string, scope: ExpressionScope): { value: JsonValue } | { error: string } {
  const expression = compileExpression(text);
  if ('problem' in expression) return { error: `${expression.problem.message} (in "${text}")` };
  try {
    return { value: expression.run(withMissingInputs(scope, expression.ast)) };
  } catch (error) {
    const message = isLibraryError(error) ? problemOf(error, text).message : messageOf(error);
    return { error: `${message} (in "${text}")` };
  }
}

/** An input that was not given is null; whether it is declared was checked when the playbook was read. */
function withMissingInputs(scope: ExpressionScope, ast: ASTNode): ExpressionScope {
  const inputs = (scope.inputs ?? {}) as ExpressionScope;
  const given = new Set(Object.keys(inputs).map(plainName));
  const missing = namesIn(ast).flatMap(({ root, name }) =>
    root === 'inputs' && name !== null && !given.has(name) ? [name] : [],
  );
  if (missing.length === 0) return scope;
  // Either way of writing it: `inputs.never-given`, `inputs["never-given"]`.
  const nulls = missing.flatMap((name) => [
    [name, null] as const,
    [name.replaceAll('_', '-'), null] as const,
  ]);
  return { ...scope, inputs: { ...Object.fromEntries(nulls), ...inputs } };
}

function isLibraryError(error: unknown): boolean {
  return error instanceof Error && 'summary' in error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function resolve(value: JsonValue, scope: ExpressionScope, depth: number): JsonValue {
  if (depth > MAX_DEPTH) throw new Unresolvable('the value is nested too deeply');
  if (typeof value === 'string') return resolveText(value, scope);
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Readonly<Record<string, JsonValue>>);
  return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item, scope, depth + 1)]));
}

function resolveText(text: string, scope: ExpressionScope): JsonValue {
  if (!text.includes(OPENING)) return text;
  const split = splitTemplate(text);
  if ('unclosedAt' in split) throw new Unresolvable(`"${OPENING}" without "}}" (in "${text}")`);
  const sole = soleExpression(split.parts);
  if (sole !== null) return valueOfExpression(sole, scope);
  let out = '';
  for (const part of split.parts) {
    out += part.kind === 'text' ? part.text : textOf(valueOfExpression(part.text, scope));
    if (out.length > MAX_TEXT_LENGTH) {
      throw new Unresolvable(`the text grows beyond ${MAX_TEXT_LENGTH} characters`);
    }
  }
  return out;
}

function valueOfExpression(text: string, scope: ExpressionScope): JsonValue {
  const result = evaluate(text, scope);
  if ('error' in result) throw new Unresolvable(result.error);
  if (typeof result.value === 'string' && result.value.length > MAX_TEXT_LENGTH) {
    throw new Unresolvable(`the text grows beyond ${MAX_TEXT_LENGTH} characters (in "${text}")`);
  }
  return result.value;
}
