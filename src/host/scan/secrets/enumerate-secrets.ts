import { type Dirent, readdirSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { decodeHostBytes, decodeHostLatin1 } from '../../../text/host-bytes.ts';
import { toFsPath } from '../../file-identity.ts';
import { isOwnQuarantine } from '../../own-folders.ts';
import type { Gathered } from '../gathered.ts';
import { type Look, note, ownerName, readBytes } from '../look.ts';
import { HOME_PLACES, readerByName, SYSTEM_PLACES } from './places.ts';
import type { SecretReader } from './reading.ts';

/** Folders of applications, searched by the names of files. Homes are searched as well. */
const ROOTS = [
  '/srv',
  '/opt',
  '/var/www',
  '/app',
  '/usr/share/nginx/html',
  '/www/wwwroot',
  '/data',
  '/etc/letsencrypt/archive',
];
const PASSED_OVER =
  /^(node_modules|\.git|\.cache|\.npm|\.rustup|\.local|\.venv|venv|site-packages|__pycache__|vendor|snap|proc|sys)$/;
const DEPTH = 4;
const MOST_FOLDERS = 3000;
const MOST_ENTRIES = 60_000;
const MOST_SECRETS = 400;
const LONGEST_MS = 2000;
const LARGEST = 256 * 1024;

/**
 * Where secrets lie that whoever was root could read: fixed places of homes and system, and applications' folders some levels
 * deep. Links are not followed. What is read is looked through in memory and dropped; of a secret only its place, its kind and
 * what names it leave this folder.
 */
export async function enumerateSecrets(look: Look, gathered: Gathered): Promise<number> {
  const search: Search = { look, gathered, read: new Set(), seen: 0 };
  const homes = [...new Set(look.accounts.map(({ home }) => home))].filter(
    (home) =>
      home.startsWith('/') &&
      home !== '/' &&
      !/^\/(proc|sys|dev|bin|sbin|usr\/s?bin|nonexistent)(\/|$)/.test(home),
  );
  for (const [path, reader] of SYSTEM_PLACES) readPlace(search, path, reader);
  for (const home of homes)
    for (const [path, reader] of HOME_PLACES) readPlace(search, `${home}/${path}`, reader);
  const people = homes.filter((home) => /^\/(root|home\/|srv\/|opt\/|var\/(www|lib)\/)/.test(`${home}/`));
  await walk(search, [...ROOTS, ...people]);
  return search.seen;
}

interface Search {
  readonly look: Look;
  readonly gathered: Gathered;
  /** Each file once, whichever table leads to it. */
  readonly read: Set<string>;
  seen: number;
}

function readPlace(search: Search, path: string, reader: SecretReader): void {
  const at = path.lastIndexOf('/');
  const last = path.slice(at + 1);
  if (!last.includes('*')) {
    readOne(search, path, reader);
    return;
  }
  const [start = '', end = ''] = last.split('*');
  const folder = path.slice(0, at);
  for (const entry of entriesOf(search, folder).slice(0, 200)) {
    const name = decodeHostLatin1(entry.name);
    if (entry.isFile() && name.startsWith(start) && name.endsWith(end))
      readOne(search, `${folder}/${name}`, reader);
  }
}

function readOne(search: Search, path: string, reader: SecretReader): void {
  const { look, gathered, read } = search;
  if (read.has(path) || gathered.secrets.length >= MOST_SECRETS) return;
  read.add(path);
  const file = readBytes(look, 'secrets', path, LARGEST);
  if (file === null) return;
  search.seen += 1;
  const { stats, bytes } = file;
  for (const found of reader(decodeHostBytes(bytes), { path, bytes }))
    gathered.secrets.push({
      ...found,
      path,
      times: { mtimeNs: stats.mtimeNs.toString(), ctimeNs: stats.ctimeNs.toString() },
      owner: ownerName(look, Number(stats.uid)),
      mode: Number(stats.mode) & 0o7777,
    });
}

async function walk(search: Search, roots: readonly string[]): Promise<void> {
  const { look } = search;
  const startedMs = performance.now();
  const visited = new Set<string>();
  let level = [...new Set(roots)];
  let entries = 0;
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      if (look.signal?.aborted || visited.has(folder)) continue;
      visited.add(folder);
      if (
        visited.size > MOST_FOLDERS ||
        entries > MOST_ENTRIES ||
        performance.now() - startedMs > LONGEST_MS
      ) {
        const reason = `the search was ended after ${visited.size} folders, at ${folder}; what lies deeper was not looked at`;
        look.unknowns.push({ scope: 'secrets', what: 'secrets in folders of applications', reason });
        return;
      }
      const before = entries;
      for (const entry of entriesOf(search, folder)) {
        entries += 1;
        const name = decodeHostLatin1(entry.name);
        const path = `${folder}/${name}`;
        if (entry.isDirectory()) {
          if (!PASSED_OVER.test(name) && !isOwnQuarantine(path)) next.push(path);
          continue;
        }
        const reader = entry.isFile() ? readerByName(name) : null;
        if (reader !== null) readOne(search, path, reader);
      }
      if (Math.floor(before / 5000) !== Math.floor(entries / 5000)) await breathe();
    }
    level = next;
  }
}

function entriesOf({ look }: Search, folder: string): Dirent[] {
  try {
    return readdirSync(toFsPath(look.root + folder), { withFileTypes: true, encoding: 'latin1' });
  } catch (error) {
    note(look, 'secrets', folder, error);
    return [];
  }
}
