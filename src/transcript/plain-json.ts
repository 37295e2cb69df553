import { safeJson } from '../text/json.ts';
import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';

/**
 * JSON for other programs: secrets gone, everything that is not a character (bytes that were no UTF-8, controls)
 * made visible, as strict readers refuse lone surrogates and some store no U+0000. ASCII only.
 */
export function plainJson(value: JsonLike, indent = 0): string {
  return safeJson(plain(value), indent);
}

export type JsonLike =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly JsonLike[]
  | { readonly [key: string]: JsonLike };

function plain(value: JsonLike): JsonLike {
  if (typeof value === 'string') return printable(redact(value));
  if (isList(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function isList(value: JsonLike): value is readonly JsonLike[] {
  return Array.isArray(value);
}
