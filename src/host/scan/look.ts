import {
  type BigIntStats,
  closeSync,
  fstatSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import type { Indicators } from '../../findings/indicators.ts';
import type { ScanRequest, ScanScope, ScanUnknown } from '../../findings/scan.ts';
import { decodeHostBytes, decodeHostLatin1 } from '../../text/host-bytes.ts';
import { openWithoutTrace, toFsPath } from '../file-identity.ts';
import type { HostFacts } from '../host.ts';
import { withoutBindMount } from './bind-mounts.ts';
import type { Account } from './passwd.ts';

/**
 * How an enumerator looks at the host.
 *
 * Rules of this boundary: reading only; a final symlink is followed only where `resolve` was asked to; nothing but
 * regular files is opened; no file is read beyond a limit; what could not be read is noted in `unknowns`, and what
 * has vanished meanwhile is ordinary.
 */
export interface Look {
  /** '' for this host; a folder in tests. Paths in findings are as seen from inside. */
  readonly root: string;
  readonly facts: HostFacts;
  readonly request: ScanRequest;
  readonly signal: AbortSignal | undefined;
  readonly unknowns: ScanUnknown[];
  readonly accounts: readonly Account[];
  /** What is known of miners, with what the responder added. */
  readonly indicators: Indicators;
  /** Reading ends here, by performance.now(): whoever fills a folder must not hold up a look. Left out: no limit. */
  readonly untilMs?: number;
}

/** Thrown by what reads when the time of a scope is over; what was read before it counts. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

export function checkTime(look: Look): void {
  if (look.untilMs !== undefined && performance.now() > look.untilMs) throw new OutOfTime();
}

export interface ReadFile {
  readonly bytes: Buffer;
  readonly stats: BigIntStats;
  readonly isCut: boolean;
}

const TEXT_LIMIT = 1024 * 1024;

/** What is missing is asked for more often than what is there, and an error costs more than the question. */
const QUIETLY = { bigint: true, throwIfNoEntry: false } as const;

/** A regular file's bytes; null if it is missing, not a regular file, or may not be read (which is noted). */
export function readBytes(look: Look, scope: ScanScope, path: string, limit = TEXT_LIMIT): ReadFile | null {
  checkTime(look);
  try {
    const real = toFsPath(look.root + path);
    const seen = lstatSync(real, QUIETLY);
    if (!seen?.isFile()) return null;
    const fd = openWithoutTrace(real);
    try {
      const stats = fstatSync(fd, { bigint: true });
      if (!stats.isFile()) return null;
      const size = Number(stats.size > BigInt(limit) ? BigInt(limit) : stats.size);
      const bytes = Buffer.alloc(size);
      let at = 0;
      while (at < size) {
        const count = readSync(fd, bytes, at, size - at, null);
        if (count === 0) break;
        at += count;
      }
      return { bytes: bytes.subarray(0, at), stats, isCut: stats.size > BigInt(limit) };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    note(look, scope, path, error);
    return null;
  }
}

/** Lines of a text file as host strings, without their ends; null as for {@link readBytes}. */
export function readLines(look: Look, scope: ScanScope, path: string): string[] | null {
  const file = readBytes(look, scope, path);
  if (file === null) return null;
  if (file.isCut) {
    look.unknowns.push({
      scope,
      what: path,
      reason: 'it is larger than 1 MiB; only its beginning was looked at',
    });
  }
  return linesOf(decodeHostBytes(file.bytes));
}

export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

const MOST_NAMES = 20_000;

/** Names in a folder, sorted; empty if it is missing or no folder. Of more than 20,000 the rest is left out, and noted. */
export function listFolder(look: Look, scope: ScanScope, path: string): string[] {
  checkTime(look);
  try {
    const names = readdirSync(toFsPath(look.root + path), { encoding: 'latin1' });
    if (names.length > MOST_NAMES) {
      const reason = `it holds ${names.length} names; only ${MOST_NAMES} of them were looked at`;
      look.unknowns.push({ scope, what: path, reason });
    }
    return names.slice(0, MOST_NAMES).map(decodeHostLatin1).toSorted();
  } catch (error) {
    note(look, scope, path, error);
    return [];
  }
}

export function statHere(look: Look, path: string): BigIntStats | null {
  try {
    return lstatSync(toFsPath(look.root + path), QUIETLY) ?? null;
  } catch {
    return null;
  }
}

const MOST_LINKS = 40;

/** The path with every symlink resolved, within `root`; null if something on the way is missing or a loop. */
export function resolve(look: Look, path: string): string | null {
  const left = path.split('/').filter((part) => part !== '' && part !== '.');
  const done: string[] = [];
  let links = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === '..') {
      done.pop();
      continue;
    }
    const here = `/${[...done, part].join('/')}`;
    const stats = statHere(look, here);
    if (stats === null) return null;
    if (!stats.isSymbolicLink()) {
      done.push(part);
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return null;
    const target = linkTarget(look, here);
    if (target === null) return null;
    if (target.startsWith('/')) done.length = 0;
    left.unshift(...target.split('/').filter((piece) => piece !== '' && piece !== '.'));
  }
  return withoutBindMount(look, `/${done.join('/')}`);
}

export function linkTarget(look: Look, path: string): string | null {
  try {
    return decodeHostLatin1(readlinkSync(toFsPath(look.root + path), { encoding: 'latin1' }));
  } catch {
    return null;
  }
}

export function ownerName(look: Look, uid: number): string {
  const known = NAMES.get(look.accounts);
  if (known !== undefined) return known.get(uid) ?? String(uid);
  // Of several with one number the first in the file counts (getpwuid(3)).
  NAMES.set(
    look.accounts,
    new Map(look.accounts.map((account) => [account.uid, account.name] as const).reverse()),
  );
  return ownerName(look, uid);
}

const NAMES = new WeakMap<readonly Account[], ReadonlyMap<number, string>>();

/** Missing and vanished are ordinary; everything else is something that could not be looked at. */
export function note(look: Look, scope: ScanScope, what: string, error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code ?? 'error';
  if (['ENOENT', 'ENOTDIR', 'ESRCH', 'ELOOP'].includes(code)) return;
  const reason =
    code === 'EACCES' || code === 'EPERM'
      ? 'no permission to read it'
      : code === 'EHOSTDOWN'
        ? 'the mount that it is on does not answer'
        : `reading failed (${code})`;
  look.unknowns.push({ scope, what, reason });
}
