import type { BigIntStats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { parseAuthorizedKey } from './authorized-key.ts';
import type { KeyUses } from './key-use.ts';
import { type Look, linesOf, listFolder, readBytes, statHere } from './look.ts';

/** A file that keys stand in, and what the kernel says of it. */
interface FileAge {
  readonly path: string;
  /** Fingerprints of the keys in an old copy; null for the file itself. */
  readonly backedUp: ReadonlySet<string> | null;
  /** Nobody can set it back: what stands in the file now stood in it then (inode(7)). */
  readonly changedMs: number;
  /** Birth of the file (statx(2)); null where the file system does not keep it. An editor makes a new file. */
  readonly bornMs: number | null;
}

const MOST_BACKUPS = 8;
const LARGEST_BACKUP = 256 * 1024;
/** `authorized_keys~`, `.authorized_keys.swp`, `authorized_keys.bak`: what editors and people leave beside it. */
const BACKUP = /^(?:~|\.(?:bak|old|orig|save|backup|sav|\d+)|[.-][\w.:-]*\d{4}[\w.:-]*)$/;

/** The file of the keys first, then its old copies in the same folder. */
export function fileAges(look: Look, path: string): readonly FileAge[] {
  const name = basename(path);
  const copies = listFolder(look, 'authorized-keys', dirname(path))
    .filter((other) => other.startsWith(name) && BACKUP.test(other.slice(name.length)))
    .slice(0, MOST_BACKUPS)
    .map((other) => `${dirname(path)}/${other}`);
  const own = statHere(look, path);
  return [
    ...(own === null ? [] : [fileAge(path, own, null)]),
    ...copies.flatMap((copy): FileAge[] => {
      const file = readBytes(look, 'authorized-keys', copy, LARGEST_BACKUP);
      if (file === null) return [];
      const keys = linesOf(decodeHostBytes(file.bytes)).map(parseAuthorizedKey);
      const fingerprints = keys.flatMap((key) => (key === null ? [] : [key.fingerprint]));
      return [fileAge(copy, file.stats, new Set(fingerprints))];
    }),
  ];
}

function fileAge(path: string, stats: BigIntStats, backedUp: FileAge['backedUp']): FileAge {
  return {
    path,
    backedUp,
    changedMs: Number(stats.ctimeNs / 1_000_000n),
    bornMs: stats.birthtimeNs > 0n ? Number(stats.birthtimeNs / 1_000_000n) : null,
  };
}

/** Written in one go: there is nothing between its birth and its last change. */
const SAME_MS = 2_000;

/**
 * Since when a key has been there, as far as what exists tells: not later than its first login that is logged, than the
 * last change of its file, than an old copy that has it; not earlier, in this file, than the file was made.
 */
export function ageOf(fingerprint: string, files: readonly FileAge[], { uses }: KeyUses): string {
  const [own] = files;
  if (own === undefined) return 'not known';
  const first = uses.get(fingerprint)?.first.atMs ?? null;
  const latest = [
    { ms: own.changedMs, why: 'its file was changed then for the last time' },
    ...(first === null ? [] : [{ ms: first, why: 'its first login that is logged' }]),
    ...files
      .filter(({ backedUp }) => backedUp?.has(fingerprint))
      .map(({ path, changedMs }) => ({ ms: changedMs, why: `${path} has it too` })),
  ].toSorted((a, b) => a.ms - b.ms)[0];
  if (latest === undefined) return 'not known';
  const { bornMs } = own;
  if (bornMs !== null && Math.abs(own.changedMs - bornMs) <= SAME_MS && latest.ms === own.changedMs)
    return `in this file since ${time(bornMs)}, when it was made; before that not known`;
  const since = `since ${time(latest.ms)} at the latest: ${latest.why}`;
  // Older than the file: somebody has written the file anew, and how old the key is nothing says.
  return bornMs === null || bornMs > latest.ms
    ? `${since}; since when at the earliest is not known`
    : `${since}; in this file not before ${time(bornMs)}, when it was made`;
}

function time(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
