import type { JsonValue } from './playbook.ts';

/** Looking into data that may not have the shape it should have: what is not there or is something else is empty. */
export type RawMap = Readonly<Record<string, JsonValue>>;

export function mapOf(value: JsonValue | undefined): RawMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawMap) : {};
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** Where a list or a single item of it may stand. */
export function oneOrMany(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value as JsonValue];
}

/** Own keys only: a file may name `constructor`. */
export function get(map: RawMap, key: string): JsonValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
