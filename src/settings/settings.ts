/**
 * What a responder prefers, kept by `conf` in $XDG_CONFIG_HOME/tourniquet/settings.json. Settings only: what
 * happened is in the journal, what was found is in the incident.
 *
 * Rules of this boundary:
 *  - Reading never changes the file and never stops the work: what cannot be used is remarked on and left out.
 *  - A file that cannot be read as settings is moved aside, not overwritten, before anything is written.
 */
import { existsSync, lstatSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { plainlyFit } from './settings-fit.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings-schema.ts';

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
  const { values, problems } = await readStored(folder, path);
  const defaults = { ...DEFAULT_SETTINGS.defaults, ...values.defaults };
  const signals = { ...DEFAULT_SETTINGS.signals, ...values.signals };
  return {
    path,
    settings: { ...DEFAULT_SETTINGS, ...values, defaults, signals },
    remarks: problems.map((problem) => `${path}: ${problem} It is left out; the default holds.`),
  };
}

async function readStored(folder: string, path: string) {
  const values = plainlyFit(parseFile(path));
  if (values !== null) return { values, problems: [] };
  const { readValid } = await import('./settings-store.ts');
  return readValid(folder, FILE_STEM);
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
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
