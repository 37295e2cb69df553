import type { Settings } from './settings-schema.ts';

/** What a settings file may hold: any of the settings, and of the defaults any. */
export type StoredSettings = Partial<Omit<Settings, 'defaults'>> & {
  readonly defaults?: Partial<Settings['defaults']>;
};

/**
 * The settings if every one of them fits SETTINGS_SCHEMA for certain; null if that is for conf's validator to say,
 * which takes 0.1 s to load. This is on the way of every start. Must accept nothing that the schema does not.
 */
export function plainlyFit(value: unknown): StoredSettings | null {
  return isObject(value) && fits(value, SETTINGS) ? value : null;
}

type Fit = (value: unknown) => boolean;

const SETTINGS: { readonly [K in keyof Settings]: Fit } = {
  responder: (value) =>
    value === null || (typeof value === 'string' && value.length > 0 && value.length <= 200),
  incidentFolder: (value) => value === null || (typeof value === 'string' && value.startsWith('/')),
  theme: (value) => value === 'dark' || value === 'light' || value === 'mono',
  ascii: (value) => value === null || typeof value === 'boolean',
  defaults: (value) => isObject(value) && fits(value, DEFAULTS),
};

const DEFAULTS: { readonly [K in keyof Settings['defaults']]: Fit } = {
  playbook: (value) => typeof value === 'string' && value.length > 0,
  sampleMs: (value) => isWhole(value, 100, 60_000),
};

function fits(value: object, shape: Readonly<Record<string, Fit>>): boolean {
  return Object.entries(value).every(([key, each]) => Object.hasOwn(shape, key) && shape[key]?.(each));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
