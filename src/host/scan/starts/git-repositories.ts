import { readdirSync } from 'node:fs';
import type { ScanScope } from '../../../findings/scan.ts';
import { decodeHostLatin1 } from '../../../text/host-bytes.ts';
import { toFsPath } from '../../file-identity.ts';
import { type Look, note } from '../look.ts';
import type { Account } from '../passwd.ts';
import { homesOf } from './start-reader.ts';

export interface GitRepository {
  /** The folder that holds `hooks` and `config`. */
  readonly gitFolder: string;
  readonly account: Account | null;
}

const DEPTH = 4;
const MOST_FOLDERS = 2000;
const MOST_REPOSITORIES = 300;
const PASSED_OVER =
  /^(node_modules|\.cache|\.npm|\.cargo|\.rustup|\.local|\.venv|venv|__pycache__|target|dist|snap)$/;
const BEYOND_HOMES = ['/etc', '/srv', '/opt', '/var/www'];

/** Searched for once a scan, though two mechanisms ask. */
const FOUND = new WeakMap<Look, readonly GitRepository[]>();

/** Repositories of root, of homes and of the usual places of servers, some folders deep. Links are not followed. */
export function gitRepositories(look: Look, scope: ScanScope): readonly GitRepository[] {
  const before = FOUND.get(look);
  if (before !== undefined) return before;
  const found: GitRepository[] = [];
  const people = homesOf(look).filter(({ home }) => /^\/(root|home|srv|opt|var\/lib)(\/|$)/.test(home));
  let budget = MOST_FOLDERS;
  let isCut = false;
  const roots = [
    ...people.map((account) => ({ path: account.home, account })),
    ...BEYOND_HOMES.map((path) => ({ path, account: null })),
  ];
  for (const root of roots) {
    const folders: { path: string; depth: number }[] = [{ path: root.path, depth: 0 }];
    const mine = Math.ceil(MOST_FOLDERS / 4);
    for (let at = 0; at < folders.length && at < mine && budget > 0; at += 1) {
      const { path, depth } = folders[at] ?? { path: '', depth: DEPTH };
      budget -= 1;
      const names = foldersIn(look, scope, path);
      if (names.includes('.git')) found.push({ gitFolder: `${path}/.git`, account: root.account });
      // /etc is looked at for its own repository alone.
      if (depth >= (root.path === '/etc' ? 0 : DEPTH)) continue;
      for (const name of names) {
        if (name === '.git' || PASSED_OVER.test(name)) continue;
        const below = `${path}/${name}`;
        if (name.endsWith('.git')) found.push({ gitFolder: below, account: root.account });
        else folders.push({ path: below, depth: depth + 1 });
      }
    }
    isCut ||= folders.length > mine || budget <= 0;
  }
  if (isCut)
    look.unknowns.push({
      scope,
      what: 'git repositories',
      reason: 'there are too many folders to search them all; those deeper down were left out',
    });
  FOUND.set(look, found.slice(0, MOST_REPOSITORIES));
  return found.slice(0, MOST_REPOSITORIES);
}

/** Names of the real folders in a folder, with one question to the kernel for all of them. */
function foldersIn(look: Look, scope: ScanScope, path: string): string[] {
  try {
    return readdirSync(toFsPath(look.root + path), { encoding: 'latin1', withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => decodeHostLatin1(entry.name));
  } catch (error) {
    note(look, scope, path, error);
    return [];
  }
}
