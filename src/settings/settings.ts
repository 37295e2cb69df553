/**
 * What a responder prefers, kept by `conf` in $XDG_CONFIG_HOME/tourniquet/settings.json. Settings only: what
 * happened is in the journal, what was found is in the incident.
 *
 * Rules of this boundary:
 *  - Reading never changes the file and never stops the work: what cannot be used is remarked on and left out.
 *  - A file that cannot be read as settings is moved aside, not overwritten, before anything is written.
 */
import { existsSync, lstatSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';

export interface Settings {
  /** Name that goes into the journal; null: the account. */
  readonly responder: string | null;
  /** Where incidents are kept; null: /var/lib/tourniquet for root, else the XDG state folder. */
  readonly incidentFolder: string | null;
  readonly theme: 'dark' | 'light' | 'mono';
  /** Draw with ASCII only; null: by the locale. */
  readonly ascii: boolean | null;
  readonly defaults: SettingDefaults;
}

/** Used where neither command line nor playbook says otherwise. */
export interface SettingDefaults {
  /** File name without `.yaml`, or a path. */
  readonly playbook: string;
  /** Between the two CPU samples of a scan. */
  readonly sampleMs: number;
  /** How long isolation waits to be confirmed. */
  readonly confirmWithinMs: number;
}

export const DEFAULT_SETTINGS: Settings = {
  responder: null,
  incidentFolder: null,
  theme: 'dark',
  ascii: null,
  defaults: { playbook: 'cryptominer-linux', sampleMs: 1_000, confirmWithinMs: 60_000 },
};

/** JSON Schema of the file; each key may be left out. */
export const SETTINGS_SCHEMA = {
  responder: { type: ['string', 'null'], minLength: 1, maxLength: 200 },
  incidentFolder: { type: ['string', 'null'], pattern: '^/' },
  theme: { enum: ['dark', 'light', 'mono'] },
  ascii: { type: ['boolean', 'null'] },
  defaults: {
    type: 'object',
    additionalProperties: false,
    properties: {
      playbook: { type: 'string', minLength: 1 },
      sampleMs: { type: 'integer', minimum: 100, maximum: 60_000 },
      confirmWithinMs: { type: 'integer', minimum: 10_000, maximum: 3_600_000 },
    },
  },
} as const;

export interface SettingsFile {
  readonly path: string;
  readonly settings: Settings;
  /** Sentences for the responder about what could not be used, and why. Empty normally. */
  readonly remarks: readonly string[];
}

/** Reads the settings. Never throws. `folder` is for tests; see {@link settingsFolder}. */
export async function readSettings(folder = settingsFolder()): Promise<SettingsFile> {
  const path = join(folder, FILE_NAME);
  if (!existsSync(path)) return { path, settings: DEFAULT_SETTINGS, remarks: [] };
  const distrusted = whyNotTrusted(path);
  if (distrusted !== null) return { path, settings: DEFAULT_SETTINGS, remarks: [distrusted] };
  const { readValid } = await import('./settings-store.ts');
  const { values, problems } = readValid(folder, FILE_STEM);
  const defaults = { ...DEFAULT_SETTINGS.defaults, ...values.defaults };
  return {
    path,
    settings: { ...DEFAULT_SETTINGS, ...values, defaults },
    remarks: problems.map((problem) => `${path}: ${problem} It is left out; the default holds.`),
  };
}

/**
 * Writes one setting (undefined: back to the default). Returns null, or a sentence that says why it was not written.
 * A file that cannot be read as settings is first moved aside to `settings.json.unreadable-<time>`.
 */
export async function changeSetting<K extends keyof Settings>(
  key: K,
  value: Settings[K] | undefined,
  folder = settingsFolder(),
): Promise<string | null> {
  const { readValid, writeSetting } = await import('./settings-store.ts');
  const path = join(folder, FILE_NAME);
  try {
    if (existsSync(path) && readValid(folder, FILE_STEM).isUnreadable) {
      renameSync(path, `${path}.unreadable-${new Date().toISOString().replaceAll(/[:.]/g, '')}`);
    }
    writeSetting(folder, FILE_STEM, key, value);
    return null;
  } catch (error) {
    return `${path}: "${key}" was not written: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** $XDG_CONFIG_HOME/tourniquet, normally ~/.config/tourniquet. */
export function settingsFolder(): string {
  return envPaths('tourniquet', { suffix: '' }).config;
}

const FILE_STEM = 'settings';
const FILE_NAME = `${FILE_STEM}.json`;

/** As root, a file that others can write to could steer where evidence goes. */
function whyNotTrusted(path: string): string | null {
  if (process.geteuid?.() !== 0) return null;
  const status = lstatSync(path);
  if (status.uid === 0 && (status.mode & 0o022) === 0) return null;
  return `${path} is left out: others than root can write to it. Make it root's own (chown root, chmod go-w) to have it used.`;
}
