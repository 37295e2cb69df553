import { type ObservedAccount, RUNTIME_GROUP } from '../../findings/observed-account.ts';
import { isTempPath } from '../../findings/place-signals.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import type { Gathered } from './gathered.ts';
import { lastLogin } from './last-login.ts';
import { type Look, linesOf, readBytes, resolve, statHere } from './look.ts';
import type { Ownership } from './owning.ts';
import { groupsBy, isNoLogin, isUsableHash, parseShadow } from './passwd.ts';

/** Accounts that somebody can log in with, by password, by key, or by a shell that lets in; and those that are odd. */
export async function enumerateAccounts(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const shadow = readBytes(look, 'accounts', '/etc/shadow');
  const passwords = parseShadow(shadow === null ? [] : linesOf(decodeHostBytes(shadow.bytes)));
  if (shadow === null && statHere(look, '/etc/shadow') !== null) {
    look.unknowns.push({
      scope: 'accounts',
      what: 'which accounts have a password',
      reason: '/etc/shadow could not be read',
    });
  }
  const keys = Map.groupBy(
    gathered.lines.filter(({ role }) => role === 'authorized-key'),
    ({ account }) => account,
  );
  const groupFile = readBytes(look, 'accounts', '/etc/group');
  const groups = groupsBy(groupFile === null ? [] : linesOf(decodeHostBytes(groupFile.bytes)));
  const changed = lastChanged(look);
  const namesOf = Map.groupBy(look.accounts, ({ uid }) => uid);
  for (const account of look.accounts) {
    const hasHashInPasswd = isUsableHash(account.password);
    const hasPassword = hasHashInPasswd || account.password === '' || (passwords.get(account.name) ?? false);
    const keyCount = keys.get(account.name)?.length ?? 0;
    const hasShell = !isNoLogin(account.shell.trim()) || account.shell !== account.shell.trim();
    const isPerson = account.uid === 0 || account.uid >= 1000;
    // A program's account with a shell but neither password nor key cannot be logged in to.
    const canLogIn = hasShell && (isPerson || hasPassword || keyCount > 0);
    const shellFile = await shellFileOf(look, account.shell, ownership);
    const memberOf = groups(account.name, account.gid);
    const isOdd =
      account.shell !== account.shell.trim() ||
      shellFile === 'unowned' ||
      isTempPath(account.shell) ||
      (hasPassword && !(isPerson && isNoLogin(account.shell))) ||
      (account.gid === 0 && account.uid !== 0 && !STOCK_ROOT_GROUP.has(account.name)) ||
      (!isPerson && memberOf.some((name) => RUNTIME_GROUP.test(name)));
    if (!canLogIn && !isOdd) continue;
    gathered.accounts.push({
      account: account.name,
      uid: account.uid,
      gid: account.gid,
      groups: memberOf,
      home: account.home,
      shell: account.shell,
      hasPassword,
      keyCount,
      changed,
      place: { path: '/etc/passwd', line: account.line },
      isUidShared: (namesOf.get(account.uid) ?? []).some(({ name }) => name !== account.name),
      lastLoginMs: lastLogin(look, account.uid),
      hasHashInPasswd,
      canLogIn,
      shellFile,
    });
  }
  return look.accounts.length;
}

function lastChanged(look: Look): ObservedAccount['changed'] {
  const all = ['/etc/passwd', '/etc/shadow', '/etc/group'].flatMap((path) => statHere(look, path) ?? []);
  const [last] = all.toSorted((a, b) => (a.ctimeNs > b.ctimeNs ? -1 : 1));
  return last === undefined ? null : { mtimeNs: String(last.mtimeNs), ctimeNs: String(last.ctimeNs) };
}

/** Of the `root` group on RHEL-like systems from the start. */
const STOCK_ROOT_GROUP: ReadonlySet<string> = new Set(['sync', 'shutdown', 'halt', 'operator']);

async function shellFileOf(
  look: Look,
  shell: string,
  ownership: Ownership,
): Promise<ObservedAccount['shellFile']> {
  const real = shell.startsWith('/') ? resolve(look, shell) : null;
  if (real === null || statHere(look, real) === null) return 'missing';
  if (/\s/.test(shell)) return 'blank';
  const owner = (await ownership.owners([real])).get(real);
  if (owner === undefined) return 'not-known';
  return owner === null ? 'unowned' : 'package';
}
