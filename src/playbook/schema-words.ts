import type { z } from 'zod';
import { didYouMean } from './nearest.ts';
import type { Path } from './places.ts';
import type { JsonValue } from './playbook.ts';

type Issue = z.core.$ZodIssue;

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

/** What an issue says was expected, beginning with `expected`. */
export function expectedOf(issue: Issue): string {
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

/** What to write instead, where that can be guessed. */
export function hintFor(issue: Issue, value: JsonValue | undefined): string | null {
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

/** `retries: `, `needs, item 2: `. */
export function whereOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return '';
  if (typeof last === 'string') return `${last}: `;
  const list = path.at(-2);
  return typeof list === 'string' ? `${list}, item ${last + 1}: ` : `item ${last + 1}: `;
}

/** What stands there instead. */
export function found(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? `"${clipped(value)}"` : String(value);
}

export function clipped(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
