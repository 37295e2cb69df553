import type { BigIntStats } from 'node:fs';
import type { ObservedFile } from '../../findings/observation.ts';
import { FileIdentityError, tryIdentifyFile } from '../file-identity.ts';
import { elfBuild } from './elf-build.ts';
import { type Look, ownerName, readBytes, resolve, statHere } from './look.ts';
import type { Ownership } from './owning.ts';

const HEAD = 64 * 1024;
const SEARCHED = 12 * 1024 * 1024;
const SEARCHED_IN_ALL = 1024 ** 3;
const READ = new WeakMap<Look, number>();
/** Miners are small; runtimes and agents of this size are not read through. */
const TOO_BIG_FOR_A_MINER = 48 * 1024 * 1024;

/** Words of libraries that hide things. */
const HIDER_WORDS = ['/proc/self/fd/%d', '/proc/%s/stat', '/proc/%s/cmdline'];

/** What is known of each path that something leads to. Only files that no package owns are read. */
export async function observeFiles(
  look: Look,
  paths: Iterable<string>,
  ownership: Ownership,
): Promise<Map<string, ObservedFile>> {
  const real = new Map<string, string | null>();
  for (const path of paths) real.set(path, resolve(look, path));
  const owners = await ownership.owners([...new Set([...real.values()].filter((path) => path !== null))]);
  const out = new Map<string, ObservedFile>();
  for (const [path, target] of real)
    out.set(path, observe(look, path, target, target === null ? null : owners.get(target)));
  return out;
}

const MISSING = {
  mode: 0,
  uid: 0,
  owner: '',
  sizeBytes: 0,
  mtimeNs: '0',
  ctimeNs: '0',
  inode: null,
  package: undefined,
  integrity: 'not-checked',
  content: 'not-read',
  head: '',
  identity: null,
} as const;

function observe(
  look: Look,
  path: string,
  realPath: string | null,
  owner: string | null | undefined,
): ObservedFile {
  const stats = realPath === null ? null : statHere(look, realPath);
  if (realPath === null || stats === null) return { ...MISSING, path, realPath: null, kind: 'missing' };
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  const read =
    kind === 'file' && typeof owner !== 'string'
      ? lookInside(look, realPath, Number(stats.size))
      : { content: 'not-read' as const, head: '' };
  // A shell runs an executable text without a first line that names it as well.
  const isRun = read.content === 'text' && (stats.mode & 0o111n) !== 0n;
  const seen = isRun ? { ...read, content: 'script' as const } : read;
  return {
    path,
    realPath,
    kind,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    owner: ownerName(look, Number(stats.uid)),
    sizeBytes: Number(stats.size),
    mtimeNs: stats.mtimeNs.toString(),
    ctimeNs: stats.ctimeNs.toString(),
    ...bornAt(stats),
    inode: `${stats.dev}:${stats.ino}`,
    package: owner,
    integrity: 'not-checked',
    ...seen,
    identity: undefined,
  };
}

/** statx(2): 0 where the file system does not say. Unlike the others, no call sets it. */
function bornAt({ birthtimeNs }: BigIntStats): { bornNs?: string } {
  return birthtimeNs > 0n ? { bornNs: birthtimeNs.toString() } : {};
}

function lookInside(
  look: Look,
  path: string,
  sizeBytes: number,
): Pick<ObservedFile, 'content' | 'head' | 'built'> {
  const head = readBytes(look, 'dropped-files', path, HEAD)?.bytes;
  if (head === undefined) return { content: 'not-read', head: '' };
  if (head.length === 0) return { content: 'empty', head: '' };
  if (head.subarray(0, 4).equals(ELF)) {
    const built = elfBuild(head);
    const words = sizeBytes > TOO_BIG_FOR_A_MINER ? '' : searchProgram(look, path);
    return { content: 'elf', head: words, ...(built === null ? {} : { built }) };
  }
  if (head.subarray(0, 2).toString('latin1') === '#!')
    return { content: 'script', head: head.toString('latin1') };
  return head.includes(0)
    ? { content: 'data', head: '' }
    : { content: 'text', head: head.toString('latin1') };
}

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** The words that were found, for a reason that names them; '' if none. */
function searchProgram(look: Look, path: string): string {
  return remember('search', look, path, () => {
    const read = READ.get(look) ?? 0;
    if (read > SEARCHED_IN_ALL) return '';
    const size = Math.min(Number(statHere(look, path)?.size ?? 0n), SEARCHED);
    READ.set(look, read + size);
    if (read + size > SEARCHED_IN_ALL) {
      const reason = 'together they are larger than what is read in one look; the rest was not searched';
      look.unknowns.push({ scope: 'dropped-files', what: 'programs that no package owns', reason });
    }
    return searchBytes(look, path);
  });
}

/**
 * A watch looks again and again at the same large files. The kernel gives a new change time to whatever is written
 * to (inode(7)), so what was read before holds while that is the same. Operations never rely on it: they look anew.
 */
function remember<T>(what: string, look: Look, path: string, read: () => T): T {
  const stats = statHere(look, path);
  if (stats === null || stats.size < WORTH_REMEMBERING) return read();
  const key = [what, path, stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join('\n');
  const known = REMEMBERED.get(key);
  if (known !== undefined) return known as T;
  const value = read();
  if (REMEMBERED.size >= MOST_REMEMBERED) REMEMBERED.clear();
  REMEMBERED.set(key, value);
  return value;
}

const REMEMBERED = new Map<string, unknown>();
const MOST_REMEMBERED = 1000;
const WORTH_REMEMBERING = 512 * 1024;

function searchBytes(look: Look, path: string): string {
  const bytes = readBytes(look, 'dropped-files', path, SEARCHED)?.bytes;
  if (bytes === undefined) return '';
  const words = [...look.indicators.programWords, ...(/\.so(\.|$)/.test(path) ? HIDER_WORDS : [])];
  return words
    .filter((word) => bytes.includes(word))
    .map((word) => `“${word}”`)
    .join(', ');
}

/** Of what a finding will name: large enough for every program, and no more in all than some seconds take. */
const HASHED_EACH = 1024 ** 3;
const HASHED_IN_ALL = 4 * 1024 ** 3;
const HASHED = new WeakMap<Look, number>();

/** Adds the identity of files that a finding will name. */
export function identifyObserved(
  look: Look,
  files: Map<string, ObservedFile>,
  paths: readonly string[],
): void {
  for (const path of paths) {
    const file = files.get(path);
    if (!file?.realPath) continue;
    const { realPath } = file;
    const left = HASHED_IN_ALL - (HASHED.get(look) ?? 0);
    const identity = remember('identity', look, realPath, () =>
      tryIdentifyFile(realPath, { root: look.root, maxBytes: Math.min(HASHED_EACH, left) }),
    );
    if (!(identity instanceof FileIdentityError))
      HASHED.set(look, (HASHED.get(look) ?? 0) + identity.sizeBytes);
    if (identity instanceof FileIdentityError) {
      look.unknowns.push({ scope: 'dropped-files', what: file.realPath, reason: identity.message });
      files.set(path, { ...file, identity: null });
    } else files.set(path, { ...file, identity });
  }
}

export async function verifyObserved(
  files: Map<string, ObservedFile>,
  paths: readonly string[],
  ownership: Ownership,
): Promise<void> {
  for (const path of paths) {
    const file = files.get(path);
    if (!file?.realPath || typeof file.package !== 'string') continue;
    const integrity = await ownership.integrity(file.realPath, file.package);
    // Asked once: what cannot be compared stays with the package's word for it.
    files.set(path, { ...file, integrity: integrity === 'not-checked' ? 'not-listed' : integrity });
  }
}
