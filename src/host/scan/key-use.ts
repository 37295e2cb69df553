import { readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { toFsPath } from '../file-identity.ts';
import { runTool } from '../run-tool.ts';
import { type Look, readBytes } from './look.ts';

/** When and from where a key let somebody in, as sshd logged it. */
export interface KeyUse {
  /** The log's own time, as it is written there. */
  readonly at: string;
  /** The same, ms since 1970; null if it cannot be told. */
  readonly atMs: number | null;
  readonly from: string;
  readonly account: string;
}

export interface KeyUses {
  /** By fingerprint: the newest, and the oldest that is still in a log. */
  readonly uses: ReadonlyMap<string, { readonly first: KeyUse; readonly last: KeyUse }>;
  /** Whether there was any log to look into: without one nothing can be said of a key that is not in it. */
  readonly hasLog: boolean;
}

const MOST_BYTES = 8 * 1024 * 1024;
const MOST_LOGS = 8;
/** auth.log, auth.log.1, auth.log.2.gz, secure-20261116 (logrotate(8)): not those that are packed by something else than gzip. */
const LOG = /^(auth\.log|secure|messages)([.-]\d+)?(\.gz)?$/;
const ACCEPTED =
  /^(.{1,40}?)\s\S+\ssshd(?:-session)?\[\d+\]: Accepted publickey for (\S+) from (\S+) port \d+ ssh2: \S+ (SHA256:[A-Za-z0-9+/]{43})/gm;

const READ = new WeakMap<Look, Promise<KeyUses>>();

/** Read once a look: the logs of /var/log from the oldest to the newest, or the journal where none is kept there. */
export function keyUses(look: Look): Promise<KeyUses> {
  const before = READ.get(look);
  if (before !== undefined) return before;
  const reading = readUses(look);
  READ.set(look, reading);
  return reading;
}

async function readUses(look: Look): Promise<KeyUses> {
  const uses: Uses = new Map();
  const logs = logNames(look);
  let left = MOST_BYTES;
  // The newest are read first while there is room.
  for (const name of logs) {
    const file = readBytes(look, 'authorized-keys', `/var/log/${name}`, left);
    const bytes = file === null || !name.endsWith('.gz') ? file?.bytes : unpacked(file.bytes, left);
    if (file === null || bytes === undefined) continue;
    left -= bytes.length;
    addUses(uses, decodeHostBytes(bytes), Number(file.stats.mtimeMs));
    if (left <= 0) break;
  }
  if (logs.length > 0 || look.root !== '') return { uses, hasLog: logs.length > 0 };
  const argv = [
    'journalctl',
    '--no-pager',
    '-q',
    '-o',
    'short-iso',
    '-n',
    '50000',
    '_COMM=sshd',
    '+',
    '_COMM=sshd-session',
  ];
  const journal = await runTool(argv, { timeoutMs: 5000, ...(look.signal ? { signal: look.signal } : {}) });
  addUses(uses, decodeHostBytes(journal.stdout), Date.now());
  return { uses, hasLog: journal.exitCode === 0 && journal.stdout.length > 0 };
}

type Uses = Map<string, { first: KeyUse; last: KeyUse }>;

/** One log, older than those before it; its own lines go from the oldest to the newest. */
function addUses(uses: Uses, text: string, endedMs: number): void {
  const inThis: Uses = new Map();
  for (const [, at = '', account = '', from = '', fingerprint = ''] of text.matchAll(ACCEPTED)) {
    const use = { at, atMs: timeOf(at, endedMs), from, account };
    inThis.set(fingerprint, { first: inThis.get(fingerprint)?.first ?? use, last: use });
  }
  for (const [fingerprint, { first, last }] of inThis)
    uses.set(fingerprint, { first, last: uses.get(fingerprint)?.last ?? last });
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Of `2026-11-23T04:00:01+0000`, or of `Nov 17 03:00:00` (RFC 3164, in the host's own time zone), which says no year:
 * the last one before the log was written for the last time.
 */
function timeOf(at: string, endedMs: number): number | null {
  const full = Date.parse(at.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (/^\d{4}-/.test(at)) return Number.isNaN(full) ? null : full;
  const year = new Date(endedMs).getFullYear();
  const candidates = [year, year - 1].map((each) => Date.parse(`${at} ${each}`));
  return candidates.find((ms) => ms <= endedMs + DAY_MS) ?? null;
}

/** undefined if it is none, or was made to swell beyond what is read of a log. */
function unpacked(bytes: Buffer, mostBytes: number): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch {
    return undefined;
  }
}

function logNames(look: Look): string[] {
  try {
    const names = readdirSync(toFsPath(`${look.root}/var/log`)).filter((name) => LOG.test(name));
    const age = (name: string): number => Number(/\D(\d+)(?:\.gz)?$/.exec(name)?.[1] ?? 0);
    // `.1` is newer than `.2`; `-20261123` newer than `-20261116`.
    return names
      .toSorted((a, b) => (a.includes('-') && b.includes('-') ? age(b) - age(a) : age(a) - age(b)))
      .slice(0, MOST_LOGS);
  } catch {
    return [];
  }
}

/** What stands with a key: when it was used last and first, or that no log has it. */
export function usesOf(fingerprint: string, { uses, hasLog }: KeyUses): Record<string, string> {
  const use = uses.get(fingerprint);
  if (use === undefined)
    return { lastUsed: hasLog ? 'not in the logs that are kept' : 'not known: no log of sshd' };
  const words = ({ at, from, account }: KeyUse) => `${at} from ${from} as ${account}`;
  const isOnce = use.first === use.last;
  return { lastUsed: words(use.last), ...(isOnce ? {} : { firstUsed: words(use.first) }) };
}
