import { parseInputValue } from './input-value.ts';
import { parsePattern } from './pattern.ts';
import { INPUT_TYPES, type InputDefinition, type InputType, type JsonValue } from './playbook.ts';
import { get, listOf, mapOf, type RawMap } from './raw.ts';
import type { Source } from './source.ts';
import { OPENING } from './template.ts';

/** What an input declares about itself fits together, and its default is a value that it would accept. */
export function checkInputs(source: Source, file: JsonValue): void {
  const inputs = mapOf(get(mapOf(file), 'inputs'));
  for (const [name, value] of Object.entries(inputs)) checkInput(source, name, mapOf(value));
}

/** An input's definition from whatever stands in the file; wrong parts count as left out. Its default is parsed. */
export function definitionOf(input: RawMap): InputDefinition | null {
  const type = get(input, 'type');
  if (!isInputType(type)) return null;
  const description = get(input, 'description');
  const pattern = get(input, 'pattern');
  const isList = get(input, 'list') === true;
  const bare: InputDefinition = {
    type,
    isList,
    description: typeof description === 'string' ? description.trim() : '',
    isRequired: get(input, 'required') === true,
    isSecret: get(input, 'secret') === true,
    default: isList ? [] : null,
    options: listOf(get(input, 'options')).filter((option) => typeof option === 'string'),
    pattern: typeof pattern === 'string' ? pattern : null,
  };
  const given = get(input, 'default') ?? null;
  const parsed = given === null ? null : parseInputValue({ ...bare, isRequired: false }, given);
  return parsed !== null && 'value' in parsed ? { ...bare, default: parsed.value } : bare;
}

function checkInput(source: Source, name: string, input: RawMap): void {
  const definition = definitionOf(input);
  if (definition === null) return;
  const add = (
    code: 'missing-key' | 'conflicting-keys' | 'wrong-value',
    key: string,
    message: string,
    hint: string | null = null,
  ) => {
    const path = ['inputs', name, key];
    const at = code === 'wrong-value' ? source.places.valueAt(path) : source.places.keyAt(path);
    source.problems.add({ code, message, hint, at });
  };

  if (definition.type === 'enum' && !Object.hasOwn(input, 'options')) {
    add(
      'missing-key',
      'type',
      '"options" is missing: an enum names the values to choose from',
      'options: [ask, yes, no]',
    );
  }
  if (definition.type !== 'enum' && Object.hasOwn(input, 'options')) {
    add('conflicting-keys', 'options', `"options" beside "type: ${definition.type}"`, 'write type: enum');
  }
  if (definition.pattern !== null) {
    const pattern = parsePattern(definition.pattern);
    if ('problem' in pattern) {
      add('wrong-value', 'pattern', `pattern: ${pattern.problem}`);
      // Every default would seem wrong by it.
      return;
    }
  }
  if (definition.isSecret && (definition.type !== 'string' || definition.isList)) {
    add('conflicting-keys', 'secret', 'only a single "string" can be secret');
  }
  checkDefault(input, definition, add);
}

function checkDefault(
  input: RawMap,
  definition: InputDefinition,
  add: (code: 'conflicting-keys' | 'wrong-value', key: string, message: string, hint?: string | null) => void,
): void {
  const value = get(input, 'default');
  if (value === undefined || value === null) return;
  // Complained of as an expression already.
  if (JSON.stringify(value).includes(OPENING)) return;
  if (definition.isSecret) {
    add(
      'conflicting-keys',
      'default',
      'a secret with a default stands in the file for all to read',
      'leave it out',
    );
    return;
  }
  if (definition.isRequired) {
    add(
      'conflicting-keys',
      'default',
      '"default" beside "required": it would never be needed',
      'leave one of them out',
    );
  }
  if (definition.type === 'enum' && definition.options.length === 0) return;
  // In a file a bare number would be milliseconds, which nobody means.
  const written = definition.type === 'duration' ? textOfNumbers(value) : value;
  const parsed = parseInputValue({ ...definition, isRequired: false, default: null }, written);
  if ('problem' in parsed) add('wrong-value', 'default', `default: ${parsed.problem}`);
}

function textOfNumbers(value: JsonValue): JsonValue {
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? value.map(textOfNumbers) : value;
}

function isInputType(type: JsonValue | undefined): type is InputType {
  return INPUT_TYPES.some((known) => known === type);
}
