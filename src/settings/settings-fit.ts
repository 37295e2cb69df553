import { type Settings, THEME_NAMES } from './settings-schema.ts';

/** What a settings file may hold: any of the settings, and of a group any. */
export type StoredSettings = Partial<Omit<Settings, 'defaults' | 'signals'>> & {
  readonly defaults?: Partial<Settings['defaults']>;
  readonly signals?: Partial<Settings['signals']>;
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
  knowledgeFolder: (value) => value === null || (typeof value === 'string' && value.startsWith('/')),
  notifyTo: (value) => value === null || isText(value, 2000),
  notifyTemplate: (value) => value === null || isText(value, 500),
  theme: (value) => THEME_NAMES.some((name) => name === value),
  ascii: (value) => value === null || typeof value === 'boolean',
  plain: (value) => typeof value === 'boolean',
  defaults: (value) => isObject(value) && fits(value, DEFAULTS),
  signals: (value) => isObject(value) && fits(value, SIGNALS),
};

const DEFAULTS: { readonly [K in keyof Settings['defaults']]: Fit } = {
  playbook: (value) => typeof value === 'string' && value.length > 0,
  sampleMs: (value) => isWhole(value, 100, 60_000),
};

const isBoolean: Fit = (value) => typeof value === 'boolean';

const SIGNALS: { readonly [K in keyof Settings['signals']]: Fit } = {
  title: isBoolean,
  bell: isBoolean,
  notify: isBoolean,
  clipboard: isBoolean,
  links: (value) => value === null || isBoolean(value),
};

function fits(value: object, shape: Readonly<Record<string, Fit>>): boolean {
  return Object.entries(value).every(([key, each]) => Object.hasOwn(shape, key) && shape[key]?.(each));
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= most;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
