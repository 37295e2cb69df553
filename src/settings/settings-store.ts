import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import type { StoredSettings } from './settings-fit.ts';
import { SETTINGS_SCHEMA } from './settings-schema.ts';

type Values = Record<string, unknown>;

export interface ValidSettings {
  readonly values: StoredSettings;
  /** A sentence for each thing that could not be used. */
  readonly problems: readonly string[];
  /** Not JSON, or not an object: nothing in it could be used. */
  readonly isUnreadable: boolean;
}

/** What in the file fits the schema, key by key. Only reads. */
export function readValid(folder: string, stem: string): ValidSettings {
  const read = readObject(join(folder, `${stem}.json`));
  if (typeof read === 'string') return { values: {}, problems: [read], isUnreadable: true };
  const entries = Object.entries(read).map(([key, value]) => ({
    key,
    value,
    problem: whyNotValid(folder, stem, key, value),
  }));
  const valid = entries.filter(({ problem }) => problem === null).map(({ key, value }) => [key, value]);
  const problems = entries.map(({ problem }) => problem).filter((problem) => problem !== null);
  return { values: Object.fromEntries(valid) as StoredSettings, problems, isUnreadable: false };
}

/** Writes one key, atomically, mode 0600; what else is in the file stays. Throws if it does not fit the schema. */
export function writeSetting(folder: string, stem: string, key: string, value: unknown): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const isThere = existsSync(join(folder, `${stem}.json`));
  const problem = isThere && value !== undefined ? whyNotValid(folder, stem, key, value) : null;
  if (problem !== null) throw new Error(problem);
  // An old file is not held to the schema as a whole: one key that is wrong must not keep the others from a change.
  const conf = new Conf<Values>({ ...placeOf(folder, stem), ...(isThere ? {} : SCHEMA) });
  if (value === undefined) conf.delete(key);
  else conf.set(key, value);
}

const SCHEMA = { schema: SETTINGS_SCHEMA, rootSchema: { additionalProperties: false } } as const;

function placeOf(folder: string, stem: string) {
  return {
    cwd: folder,
    configName: stem,
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
  } as const;
}

/** Has conf's validator judge one key alone, as if the file held nothing else. The file must be there; it is not touched. */
function whyNotValid(folder: string, stem: string, key: string, value: unknown): string | null {
  if (!Object.hasOwn(SETTINGS_SCHEMA, key)) {
    return `"${key}" is no setting; there are ${Object.keys(SETTINGS_SCHEMA).join(', ')}.`;
  }
  try {
    new Conf<Values>({ ...placeOf(folder, stem), ...SCHEMA, deserialize: () => ({ [key]: value }) });
    return null;
  } catch (error) {
    const detail =
      error instanceof Error ? error.message.replace(/^Config schema violation: /, '') : `"${key}"`;
    return `${detail.replaceAll('`', '"')}.`;
  }
}

function readObject(path: string): Values | string {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Values;
    return 'it holds no settings (it must be a JSON object).';
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return `it cannot be read as JSON (${detail}).`;
  }
}
