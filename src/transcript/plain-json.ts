import { printable } from '../text/printable.ts';
import { isSecretName, redact } from '../text/redact.ts';

/**
 * JSON for other programs: secrets gone, everything that is not a character (bytes that were no UTF-8, controls)
 * made visible, as strict readers refuse lone surrogates and some store no U+0000. ASCII only.
 */
export function plainJson(value: JsonLike): string {
  return JSON.stringify(plain(value, '')).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export type JsonLike =
  | string
  | number
  | boolean
  | null
  | readonly JsonLike[]
  | { readonly [key: string]: JsonLike };

function plain(value: JsonLike, name: string): JsonLike {
  if (typeof value === 'string') return isSecretName(name) ? '[redacted password]' : printable(redact(value));
  if (isList(value)) return value.map((inner) => plain(inner, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner, key)]));
}

function isList(value: JsonLike): value is readonly JsonLike[] {
  return Array.isArray(value);
}
