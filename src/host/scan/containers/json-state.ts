import { decodeHostBytes } from '../../../text/host-bytes.ts';
import { type Look, readBytes } from '../look.ts';

/** A runtime's state as JSON: anything may be missing or of another type, so every access is by path and kind. */
export type Json = unknown;

const LARGEST = 4 * 1024 * 1024;

/** null if it is missing, cannot be read or is no JSON; the last two are noted. */
export function readJson(look: Look, path: string): Json | null {
  const file = readBytes(look, 'containers', path, LARGEST);
  if (file === null) return null;
  try {
    return JSON.parse(decodeHostBytes(file.bytes)) as Json;
  } catch {
    const reason = file.isCut ? 'it is larger than 4 MiB' : 'it is not whole: no JSON can be read from it';
    look.unknowns.push({ scope: 'containers', what: path, reason });
    return null;
  }
}

/** The value at a path of names; undefined if there is none. */
export function at(json: Json, ...names: readonly string[]): Json {
  let here: Json = json;
  for (const name of names) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Record<string, Json>)[name];
  }
  return here;
}

export function textAt(json: Json, ...names: readonly string[]): string {
  const value = at(json, ...names);
  return typeof value === 'string' ? value.slice(0, 4096) : '';
}

export function isTrueAt(json: Json, ...names: readonly string[]): boolean {
  return at(json, ...names) === true;
}

const MOST = 1000;

/** The first thousand of a list; empty if it is none. */
export function listAt(json: Json, ...names: readonly string[]): readonly Json[] {
  const value = at(json, ...names);
  return Array.isArray(value) ? value.slice(0, MOST) : [];
}

export function textsAt(json: Json, ...names: readonly string[]): readonly string[] {
  return listAt(json, ...names).flatMap((one) => (typeof one === 'string' ? [one.slice(0, 16_384)] : []));
}

/** `sha256:1f2e…`, or the digits alone, as the id of an image; nothing if it is none. */
export function imageId(text: string): { readonly imageSha256?: string } {
  const digits = /^(?:sha256:)?([0-9a-f]{64})$/.exec(text)?.[1];
  return digits === undefined ? {} : { imageSha256: digits };
}
