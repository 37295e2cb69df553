import type { z } from 'zod';
import { didYouMean } from './nearest.ts';
import type { Path, Places } from './places.ts';
import type { JsonValue, ProblemCode } from './playbook.ts';
import type { Fault } from './problem-list.ts';

type Issue = z.core.$ZodIssue;

export interface Checked {
  /** What was checked, with `places` of the whole file and `path` leading to it. */
  readonly value: JsonValue;
  readonly path: Path;
  readonly places: Places;
  readonly schema: z.core.$ZodType;
  /** Instead of the code that the issue would have. */
  readonly code?: ProblemCode;
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
  const value = at(checked.value, inner);
  const make = (code: ProblemCode, rest: Omit<Fault, 'code'>): Fault => ({
    code: checked.code ?? code,
    ...rest,
  });

  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(checked.schema, inner));
    return issue.keys.map((key) =>
      make('unknown-key', {
        message: `unknown ${checked.code === 'bad-parameter' ? 'parameter' : 'key'} "${clipped(key)}"`,
        hint:
          INSTEAD[key] !== undefined && known.includes(INSTEAD[key])
            ? `here it is called "${INSTEAD[key]}"`
            : (didYouMean(key, known, 'there are') ?? (known.length === 0 ? 'there are none' : null)),
        at: checked.places.keyAt([...path, key]),
      }),
    );
  }
  if (value === undefined && issue.code !== 'invalid_key') {
    const key = String(inner.at(-1) ?? '');
    return [
      make('missing-key', {
        message: `"${key}" is missing: ${expectedOf(issue)}`,
        at: checked.places.keyAt(path.slice(0, -1)),
      }),
    ];
  }
  if (issue.code === 'invalid_key') {
    const message = issue.issues.map(expectedOf)[0] ?? 'not a name';
    return [
      make('wrong-value', {
        message: `"${String(inner.at(-1))}": ${message}`,
        at: checked.places.keyAt(path),
      }),
    ];
  }
  if (issue.code === 'invalid_union') {
    // The branch whose type fits says best what is wrong within it.
    const fitting = issue.errors.find((branch) =>
      branch.every((one) => one.path.length > 0 || !isTypeIssue(one)),
    );
    if (fitting !== undefined) return fitting.flatMap((one) => faultsOf(one, inner, checked));
  }
  const isType = isTypeIssue(issue);
  if (isType && path.length === 0) {
    return [
      make('not-a-mapping', { message: `a playbook is a map of keys, this is ${found(value)}`, at: [0, 0] }),
    ];
  }
  return [
    make(isType ? 'wrong-type' : 'wrong-value', {
      message: `${whereOf(inner)}${expectedOf(issue)}, found ${found(value)}`,
      hint: hintFor(issue, value),
      at: value === null ? checked.places.keyAt(path) : checked.places.valueAt(path),
    }),
  ];
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

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
};

function isZodsOwn(issue: Issue): boolean {
  return /^(?:Invalid|Too |Unrecognized)/.test(issue.message);
}

function expectedOf(issue: Issue): string {
  // A message that the schema gives says it best; zod's own begin with these words.
  if (!isZodsOwn(issue)) {
    return issue.message.startsWith('expected') ? issue.message : `expected ${issue.message}`;
  }
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `expected ${sizeOf(issue.origin, Number(issue.minimum), issue.inclusive === false ? 'more than' : 'at least')}`;
    case 'too_big':
      return `expected ${sizeOf(issue.origin, Number(issue.maximum), issue.inclusive === false ? 'less than' : 'at most')}`;
    default:
      return 'expected something else';
  }
}

function sizeOf(origin: string, size: number, comparison: string): string {
  if (origin === 'string') return `${comparison} ${size} characters`;
  if (origin === 'array') return `${comparison} ${size} ${size === 1 ? 'item' : 'items'}`;
  return `${comparison} ${size}`;
}

function hintFor(issue: Issue, value: JsonValue | undefined): string | null {
  const expected = issue.code === 'invalid_type' ? issue.expected : '';
  if (value === null) return 'give it a value, or leave the key out';
  if (
    expected === 'string' &&
    isZodsOwn(issue) &&
    (typeof value === 'number' || typeof value === 'boolean')
  ) {
    return `put it in quotes: "${String(value)}"`;
  }
  if (expected === 'boolean' && typeof value === 'string' && /^(?:true|false|yes|no|on|off)$/i.test(value)) {
    return `write ${/^(?:true|yes|on)$/i.test(value)} (without quotes)`;
  }
  if ((expected === 'int' || expected === 'number') && typeof value === 'string' && /^\d+$/.test(value)) {
    return `write ${value} without quotes`;
  }
  if (expected === 'array' && typeof value === 'string') return 'write it as a list: [ … ]';
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const meant = didYouMean(value, issue.values.map(String), '');
    return meant?.startsWith('did') ? meant : null;
  }
  return null;
}

function whereOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return '';
  if (typeof last === 'string') return `${last}: `;
  const list = path.at(-2);
  return typeof list === 'string' ? `${list}, item ${last + 1}: ` : `item ${last + 1}: `;
}

function found(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? `"${clipped(value)}"` : String(value);
}

function clipped(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
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
