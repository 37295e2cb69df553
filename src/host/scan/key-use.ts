import { readdirSync } from 'node:fs';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { toFsPath } from '../file-identity.ts';
import { runTool } from '../run-tool.ts';
import { type Look, readBytes } from './look.ts';

/** When and from where a key let somebody in last, as sshd logged it. */
export interface KeyUse {
  /** The log's own time, as it is written there. */
  readonly at: string;
  readonly from: string;
  readonly account: string;
}

export interface KeyUses {
  /** By fingerprint. */
  readonly uses: ReadonlyMap<string, KeyUse>;
  /** Whether there was any log to look into: without one nothing can be said of a key that is not in it. */
  readonly hasLog: boolean;
}

const MOST_BYTES = 8 * 1024 * 1024;
const MOST_LOGS = 4;
/** auth.log(.1), secure(-20261116): not those that are packed. */
const LOG = /^(auth\.log|secure|messages)([.-]\d+)?$/;
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
  const uses = new Map<string, KeyUse>();
  const logs = logNames(look);
  let left = MOST_BYTES;
  // The newest are read first while there is room, and the newest use wins.
  for (const name of logs) {
    const file = readBytes(look, 'authorized-keys', `/var/log/${name}`, left);
    if (file === null) continue;
    left -= file.bytes.length;
    addUses(uses, decodeHostBytes(file.bytes));
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
  addUses(uses, decodeHostBytes(journal.stdout));
  return { uses, hasLog: journal.exitCode === 0 && journal.stdout.length > 0 };
}

function addUses(uses: Map<string, KeyUse>, text: string): void {
  const inThis = new Map<string, KeyUse>();
  for (const [, at = '', account = '', from = '', fingerprint = ''] of text.matchAll(ACCEPTED))
    inThis.set(fingerprint, { at, from, account });
  for (const [fingerprint, use] of inThis) if (!uses.has(fingerprint)) uses.set(fingerprint, use);
}

function logNames(look: Look): string[] {
  try {
    const names = readdirSync(toFsPath(`${look.root}/var/log`)).filter((name) => LOG.test(name));
    const age = (name: string): number => (/\D(\d+)$/.test(name) ? Number(/(\d+)$/.exec(name)?.[1]) : 0);
    // `.1` is newer than `.2`; `-20261123` newer than `-20261116`.
    return names
      .toSorted((a, b) => (a.includes('-') && b.includes('-') ? age(b) - age(a) : age(a) - age(b)))
      .slice(0, MOST_LOGS);
  } catch {
    return [];
  }
}

/** What stands with a key: when it was used last, or that no log has it. */
export function lastUseOf(fingerprint: string, { uses, hasLog }: KeyUses): Record<string, string> {
  const use = uses.get(fingerprint);
  if (use !== undefined) return { lastUsed: `${use.at} from ${use.from} as ${use.account}` };
  return { lastUsed: hasLog ? 'not in the logs that are kept' : 'not known: no log of sshd' };
}
