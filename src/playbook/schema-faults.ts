import type { z } from 'zod';
import { didYouMean } from './nearest.ts';
import type { Path, Places } from './places.ts';
import type { JsonValue, ProblemCode } from './playbook.ts';
import type { Fault } from './problem-list.ts';
import { clipped, expectedOf, found, hintFor, whereOf } from './schema-words.ts';

type Issue = z.core.$ZodIssue;

export interface Checked {
  /** What was checked, with `places` of the whole file and `path` leading to it. */
  readonly value: JsonValue;
  readonly path: Path;
  readonly places: Places;
  readonly schema: z.core.$ZodType;
  /** Instead of the code that the issue would have. */
  readonly code?: ProblemCode;
  /** What the file is, with its article; a playbook if it is not said. */
  readonly what?: string;
}

/** What zod found wrong, with the place in the file, what was expected, and what is there instead. */
export function faultsOfIssues(issues: readonly Issue[], checked: Checked): readonly Fault[] {
  return issues.flatMap((issue) => faultsOf(issue, [], checked));
}

function faultsOf(issue: Issue, prefix: Path, checked: Checked): readonly Fault[] {
  const inner: Path = [
    ...prefix,
    ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
  ];
  const path = [...checked.path, ...inner];
  if (checked.places.isSpoiled(path)) return [];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, inner, checked));
  const value = at(checked.value, inner);
  const make = (
    code: ProblemCode,
    message: string,
    where: Fault['at'],
    hint: string | null = null,
  ): Fault[] => [{ code: checked.code ?? code, message, hint, at: where }];
  const name = String(inner.at(-1) ?? '');
  if (issue.code === 'invalid_key') {
    return make(
      'wrong-value',
      `"${clipped(name)}": ${issue.issues.map(expectedOf)[0]}`,
      checked.places.keyAt(path),
    );
  }
  if (value === undefined) {
    const around = checked.places.keyAt(path.slice(0, -1));
    return make('missing-key', `"${name}" is missing: ${expectedOf(issue)}`, around);
  }
  const fitting = issue.code === 'invalid_union' ? fittingBranch(issue) : undefined;
  if (fitting !== undefined) return fitting.flatMap((one) => faultsOf(one, inner, checked));
  const isType = isTypeIssue(issue);
  if (isType && path.length === 0) {
    return make(
      'not-a-mapping',
      `${checked.what ?? 'a playbook'} is a map of keys, this is ${found(value)}`,
      [0, 0],
    );
  }
  const message = `${whereOf(inner)}${expectedOf(issue)}, found ${found(value)}`;
  const where = value === null ? checked.places.keyAt(path) : checked.places.valueAt(path);
  return make(isType ? 'wrong-type' : 'wrong-value', message, where, hintFor(issue, value));
}

function unknownKey(key: string, inner: Path, checked: Checked): Fault {
  const known = keysOf(schemaAt(checked.schema, inner));
  const instead = Object.hasOwn(INSTEAD, key) ? INSTEAD[key] : undefined;
  const hint =
    instead !== undefined && known.includes(instead)
      ? `here it is called "${instead}"`
      : (didYouMean(key, known, 'there are') ?? (known.length === 0 ? 'there are none' : null));
  const message = `unknown ${checked.code === 'bad-parameter' ? 'parameter' : 'key'} "${clipped(key)}"`;
  return {
    code: checked.code ?? 'unknown-key',
    message,
    hint,
    at: checked.places.keyAt([...checked.path, ...inner, key]),
  };
}

/** The branch whose type fits says best what is wrong within it. */
function fittingBranch(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  return issue.errors.find((branch) => branch.every((one) => one.path.length > 0 || !isTypeIssue(one)));
}

/** Words of other tools for the same thing. */
const INSTEAD: Readonly<Record<string, string>> = {
  depends_on: 'needs',
  'depends-on': 'needs',
  script: 'run',
  shell: 'run',
  command: 'run',
  when: 'if',
  args: 'with',
  parameters: 'with',
  title: 'name',
  description: 'summary',
  action: 'uses',
  environment: 'env',
  variables: 'env',
  'timeout-minutes': 'timeout',
  'continue-on-error': 'on-failure',
  rollback: 'undo',
  values: 'options',
  choices: 'options',
};

function isTypeIssue(issue: Issue): boolean {
  // Every branch of a union refused the type itself.
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some(isTypeIssue));
  return issue.code === 'invalid_type';
}

function at(value: JsonValue, path: Path): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = (current as Readonly<Record<string, JsonValue>>)[part];
  }
  return current;
}

interface SchemaShape {
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
}

/** The schema of a value within another; wrappers (optional, default, transform) are seen through. */
function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  const def = schema._zod.def as SchemaShape;
  const wrapped = def.innerType ?? def.in;
  if (wrapped !== undefined) return schemaAt(wrapped, path);
  const [first, ...rest] = path;
  if (first === undefined) return schema;
  const next = def.shape?.[first] ?? def.element ?? def.valueType;
  return next === undefined ? undefined : schemaAt(next, rest);
}

function keysOf(schema: z.core.$ZodType | undefined): readonly string[] {
  const def = schema?._zod.def as SchemaShape | undefined;
  return Object.keys(def?.shape ?? {});
}
