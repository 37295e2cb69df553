import { parseAddress, parseCidr } from './address.ts';
import { durationText, parseDuration } from './duration.ts';
import { parsePattern } from './pattern.ts';
import type { InputDefinition, JsonValue } from './playbook.ts';

export type ParsedInput = { readonly value: JsonValue } | { readonly problem: string };

/** A value or a list longer than this was not typed by a person. */
const MAX_VALUE_LENGTH = 10_000;
const MAX_LIST_LENGTH = 1000;
/** The kernel's own limit for pid_max on 64 bits: 2^22 (proc_sys_kernel(5)). */
const MAX_PID = 4_194_304;
const MAX_PATH_LENGTH = 4096;

/**
 * A value for an input, as typed (text) or as JSON, checked and in its canonical form: durations as
 * milliseconds, addresses as RFC 5952 writes them. Lists are typed with commas between, or as a JSON list
 * for items that hold commas. Nothing given (empty text, null) is the default. The problem says what was expected.
 */
export function parseInputValue(definition: InputDefinition, raw: string | JsonValue): ParsedInput {
  if (typeof raw === 'string' && raw.length > MAX_VALUE_LENGTH * 10)
    return { problem: 'the value is too long' };
  const isNothing = raw === null || (typeof raw === 'string' && raw.trim() === '');
  if (isNothing && definition.isRequired) return { problem: 'a value is needed' };
  // An empty text is a value of its own where nothing else is the default.
  if (isNothing && !(raw !== null && definition.type === 'string' && !definition.isList)) {
    return { value: definition.default };
  }
  if (!definition.isList) return parseOne(definition, raw);
  const items = itemsOf(raw);
  if (items === null) return { problem: 'expected a list: items with commas between' };
  if (items.length > MAX_LIST_LENGTH) return { problem: `expected at most ${MAX_LIST_LENGTH} items` };
  const values: JsonValue[] = [];
  for (const [index, item] of items.entries()) {
    const parsed = parseOne(definition, item);
    if ('problem' in parsed) {
      const which = items.length === 1 ? '' : `item ${index + 1}: `;
      return { problem: `${which}${parsed.problem}` };
    }
    values.push(parsed.value);
  }
  return { value: values };
}

/** A parsed value as a responder would type it; `parseInputValue` of it gives the value back. */
export function formatInputValue(definition: InputDefinition, value: JsonValue): string {
  if (value === null) return '';
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => formatOne(definition, item));
    const isPlain = items.every((item) => item !== '' && item.trim() === item && !/[,[]/.test(item));
    return isPlain ? items.join(',') : JSON.stringify(items);
  }
  return formatOne(definition, value);
}

function formatOne(definition: InputDefinition, value: JsonValue): string {
  return definition.type === 'duration' && typeof value === 'number' ? durationText(value) : String(value);
}

function itemsOf(raw: JsonValue): readonly JsonValue[] | null {
  if (Array.isArray(raw)) return raw;
  if (typeof raw !== 'string') return null;
  const text = raw.trim();
  if (!text.startsWith('[')) return text.split(',').map((item) => item.trim());
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function parseOne(definition: InputDefinition, raw: JsonValue): ParsedInput {
  const parsed = READERS[definition.type](raw, definition);
  if ('problem' in parsed || definition.pattern === null) return parsed;
  const pattern = parsePattern(definition.pattern);
  if ('problem' in pattern) return pattern;
  const text = formatOne(definition, parsed.value);
  if (pattern.value.matchesWhole(text)) return parsed;
  // Whoever fills it in reads words; the pattern is for whoever wrote the playbook.
  return {
    problem:
      definition.description === ''
        ? `expected something like ${definition.pattern}`
        : `it does not have the form described: ${definition.description}`,
  };
}

type Reader = (raw: JsonValue, definition: InputDefinition) => ParsedInput;

const READERS: Readonly<Record<InputDefinition['type'], Reader>> = {
  string: (raw) => textFrom(raw),
  integer: (raw) => wholeNumber(raw, 'a whole number'),
  boolean: (raw) => {
    if (typeof raw === 'boolean') return { value: raw };
    const word = typeof raw === 'string' ? raw.trim().toLowerCase() : '';
    if (['true', 'yes', 'y', 'on'].includes(word)) return { value: true };
    if (['false', 'no', 'n', 'off'].includes(word)) return { value: false };
    return { problem: 'expected true or false (yes and no will do)' };
  },
  enum: (raw, { options }) => {
    const word = typeof raw === 'string' ? raw.trim() : raw;
    if (typeof word === 'string' && options.includes(word)) return { value: word };
    return { problem: `expected one of ${options.join(', ')}` };
  },
  ip: (raw) => fromText(raw, parseAddress),
  cidr: (raw) => fromText(raw, parseCidr),
  path: (raw) => fromText(raw, parsePath),
  pid: (raw) => {
    const number = wholeNumber(raw, 'a process id');
    if ('problem' in number) return number;
    const isPid = typeof number.value === 'number' && number.value >= 1 && number.value <= MAX_PID;
    return isPid ? number : { problem: `expected a process id from 1 to ${MAX_PID}` };
  },
  duration: (raw) => {
    if (typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0) return { value: raw };
    return fromText(raw, parseDuration);
  },
};

/** An absolute path, as it is, of Windows (`C:\\…`) too; `..` in it would hide where it leads. */
export function parsePath(raw: string): { readonly value: string } | { readonly problem: string } {
  if (!raw.startsWith('/') && !/^[A-Za-z]:\\/.test(raw))
    return { problem: 'expected an absolute path: it begins with /' };
  if (raw.length > MAX_PATH_LENGTH) return { problem: `expected at most ${MAX_PATH_LENGTH} characters` };
  if (raw.includes('\0')) return { problem: 'a path cannot hold a zero byte' };
  if (raw.split(/^[A-Za-z]:/.test(raw) ? /[\\/]/ : '/').includes('..'))
    return { problem: 'expected a path without ".."' };
  return { value: raw };
}

function textFrom(raw: JsonValue): ParsedInput {
  if (typeof raw !== 'string') return { problem: `expected text, not ${JSON.stringify(raw)}` };
  if (raw.length > MAX_VALUE_LENGTH) return { problem: `expected at most ${MAX_VALUE_LENGTH} characters` };
  // It becomes an argument or a variable of a command, and those end at a zero byte.
  return raw.includes('\0') ? { problem: 'the text cannot hold a zero byte' } : { value: raw };
}

function fromText(raw: JsonValue, parse: (text: string) => ParsedInput): ParsedInput {
  const text = textFrom(raw);
  return typeof raw === 'string' && 'value' in text ? parse(raw) : text;
}

function wholeNumber(raw: JsonValue, expected: string): ParsedInput {
  const number = typeof raw === 'string' && /^[+-]?\d{1,16}$/.test(raw.trim()) ? Number(raw) : raw;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return { problem: `expected ${expected}` };
  // -0 and 0 are the same number, and JSON knows only one of them.
  return { value: number === 0 ? 0 : number };
}
