import { encodeHostBytes } from '../../text/host-bytes.ts';
import { hashHere } from './hash-here.ts';
import { type Look, listFolder, readBytes, statHere } from './look.ts';
import { type Integrity, mergeUsr, type Ownership } from './owning.ts';

const INFO = '/var/lib/dpkg/info';
const LIST_LIMIT = 64 * 1024 * 1024;
const HASH_LIMIT = 256 * 1024 * 1024;

/** dpkg's own lists, read once, and again only when dpkg has changed something. */
export function dpkgOwnership(look: Look): Ownership {
  let conffiles: Map<string, string> | null = null;
  const checked = new Map<string, Integrity>();
  const hashes = new Map<string, string>();
  let hashLists: Map<string, string[]> | null = null;

  const md5Of = (path: string, owner: string): string | null => {
    hashLists ??= Map.groupBy(
      listFolder(look, 'dropped-files', INFO).filter((name) => name.endsWith('.md5sums')),
      (name) => packageName(name.slice(0, -8)),
    );
    const table = hashes.get(owner) ?? readHashes(look, hashLists.get(owner) ?? []);
    hashes.set(owner, table);
    return hashIn(table, path);
  };

  return {
    owners: async (paths) => {
      const table = ownersTable(look);
      return new Map(
        paths.map((path) => [
          path,
          table.size === 0 ? undefined : (table.get(latin(mergeUsr(path))) ?? null),
        ]),
      );
    },
    integrity: async (path, owner) => {
      const before = checked.get(path);
      if (before !== undefined) return before;
      conffiles ??= readConffiles(look);
      const expected = conffiles.get(path) ?? md5Of(path, owner);
      const answer = expected === null ? 'not-listed' : compare(look, path, expected);
      checked.set(path, answer);
      return answer;
    },
    digestOf: async (path, owner) => {
      const hex = md5Of(path, owner);
      return hex === null ? null : { algorithm: 'md5', hex };
    },
  };
}

/** What nobody starts anything from; it is half of all that packages bring. */
function isNeverStarted(path: string): boolean {
  return path.startsWith('share/', 5)
    ? /^(man|locale|icons|zoneinfo|fonts|i18n)\//.test(path.slice(11, 20))
    : path.startsWith('include/', 5);
}

let remembered: { readonly key: string; readonly table: ReadonlyMap<string, string> } | null = null;

/** Path with /usr merged, as latin-1 of its bytes → package. */
function ownersTable(look: Look): ReadonlyMap<string, string> {
  const stamp = (path: string): string => {
    const stats = statHere(look, path);
    return stats === null ? '' : `${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs}`;
  };
  const key = [look.root, stamp(INFO), stamp('/var/lib/dpkg/status')].join('\n');
  if (remembered?.key === key) return remembered.table;
  const table = new Map<string, string>();
  for (const name of listFolder(look, 'dropped-files', INFO)) {
    if (!name.endsWith('.list')) continue;
    const owner = packageName(name.slice(0, -5));
    const file = readBytes(look, 'dropped-files', `${INFO}/${name}`, LIST_LIMIT);
    for (const line of file === null ? [] : file.bytes.toString('latin1').split('\n')) {
      if (line.startsWith('/usr/')) {
        if (!isNeverStarted(line)) table.set(line, owner);
      } else if (line !== '') table.set(mergeUsr(line), owner);
    }
  }
  remembered = { key, table };
  return table;
}

/** `libc6:amd64` → `libc6`. */
function packageName(listName: string): string {
  return listName.replace(/:[a-z0-9-]+$/, '');
}

/** A host string as latin-1 of its bytes, as the lists are held. */
function latin(path: string): string {
  return /[^\x00-\x7f]/.test(path) ? Buffer.from(encodeHostBytes(path)).toString('latin1') : path;
}

/** The `MD5  usr/bin/x` lines of a package, as latin-1 of their bytes, each with a line end before and behind. */
function readHashes(look: Look, names: readonly string[]): string {
  const texts = names.map((name) =>
    readBytes(look, 'dropped-files', `${INFO}/${name}`, LIST_LIMIT)?.bytes.toString('latin1'),
  );
  return `\n${texts.join('\n')}\n`;
}

/** Lists say where a file was before /usr was merged, or after. */
function hashIn(hashes: string, path: string): string | null {
  const merged = latin(mergeUsr(path)).slice(1);
  for (const name of [merged, merged.replace(/^usr\//, '')]) {
    const at = hashes.indexOf(`  ${name}\n`);
    if (at >= 33) return hashes.slice(at - 32, at);
  }
  return null;
}

/** The Conffiles fields of dpkg's status file: ` PATH MD5[ obsolete]`. */
function readConffiles(look: Look): Map<string, string> {
  const out = new Map<string, string>();
  const file = readBytes(look, 'dropped-files', '/var/lib/dpkg/status', LIST_LIMIT);
  for (const match of file?.bytes.toString('latin1').matchAll(/^ (\/\S+) ([0-9a-f]{32})(?: obsolete)?$/gm) ??
    []) {
    out.set(match[1] ?? '', match[2] ?? '');
  }
  return out;
}

function compare(look: Look, path: string, expected: string): Integrity {
  const md5 = hashHere(look, 'dropped-files', path, 'md5', HASH_LIMIT);
  if (md5 === null) return 'not-checked';
  return md5 === expected ? 'unchanged' : 'changed';
}
