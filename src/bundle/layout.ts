/**
 * What stands in a bundle, and under which name. A bundle is a `.tar.zst` with one folder in it, named after the
 * incident; see FORMAT.md. A name that is not of this list is never written, and is refused when it is read.
 */

/** First: what to expect, so that a reader can refuse before anything is unpacked. */
export const ABOUT = 'BUNDLE.json';
export const WARNING = 'README.txt';
export const CUSTODY = 'custody.json';
export const CUSTODY_SHEET = 'custody.txt';
/** Last but one: every file with its hash. */
export const MANIFEST = 'MANIFEST.json';
/** Last: an SSH signature over the manifest. */
export const SIGNATURE = 'MANIFEST.json.sig';

export const JOURNAL = 'incident/journal.jsonl';

/** Of the incident folder, by its own names. */
const INCIDENT = 'incident/';
/**
 * What was taken from the host ends in this, so that no name says what to open it with: a double click starts
 * nothing, and no program that goes by endings takes it for its own.
 */
const SAMPLE = '.sample';
const SAMPLES = /^(?:evidence|quarantine|output)\//;

const SEGMENT = '[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}';
const STORED = new RegExp(
  `^(?:journal\\.jsonl|playbook\\.yaml|(?:output|evidence|quarantine|signatures)(?:/${SEGMENT}){1,16})$`,
);

/** The name in the bundle of a file of the incident folder; null if it does not belong into one. */
export function nameInBundle(stored: string): string | null {
  if (!STORED.test(stored)) return null;
  return `${INCIDENT}${stored}${SAMPLES.test(stored) ? SAMPLE : ''}`;
}

/** The name in the incident folder of a file of the bundle; null if it is none of the incident's. */
export function nameInFolder(name: string): string | null {
  if (!name.startsWith(INCIDENT)) return null;
  const inner = name.slice(INCIDENT.length);
  if (!SAMPLES.test(inner)) return STORED.test(inner) ? inner : null;
  const stored = inner.endsWith(SAMPLE) ? inner.slice(0, -SAMPLE.length) : '';
  return STORED.test(stored) ? stored : null;
}

/** Whether a bundle may hold a file of this name, below its one folder. */
export function isKnownName(name: string): boolean {
  if (nameInFolder(name) !== null) return true;
  if (/^transcript\/[a-z-]{1,40}\.[a-z]{1,10}$/.test(name)) return true;
  return [ABOUT, WARNING, CUSTODY, CUSTODY_SHEET, MANIFEST, SIGNATURE].includes(name);
}

/** What an incident may be called: the name of a folder, and of nothing else. */
export function isIncidentId(id: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{0,99}$/.test(id) && !id.includes('..');
}

/** The text that a bundle's signature is over. */
export function manifestText(incidentId: string, manifestSha256: string): string {
  return `tourniquet bundle ${incidentId} manifest ${manifestSha256}\n`;
}

export interface About {
  readonly format: 1;
  readonly incidentId: string;
  readonly createdAt: string;
  readonly version: string;
  /** Everything before the manifest, unpacked. */
  readonly files: number;
  readonly totalBytes: number;
}

export interface Manifest {
  readonly format: 1;
  readonly incidentId: string;
  readonly createdAt: string;
  /** Records of the journal, and the hash of the last. */
  readonly records: number;
  readonly journalHead: string;
  readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}
