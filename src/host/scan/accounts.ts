import { decodeHostBytes } from '../../text/host-bytes.ts';
import type { Gathered } from './gathered.ts';
import { type Look, linesOf, readBytes, statHere } from './look.ts';
import { isNoLogin, isUsableHash, parseShadow } from './passwd.ts';

/** Accounts that somebody can log in with: by password, by key, or by a shell that lets in. */
export function enumerateAccounts(look: Look, gathered: Gathered): number {
  const shadow = readBytes(look, 'accounts', '/etc/shadow');
  const passwords = parseShadow(shadow === null ? [] : linesOf(decodeHostBytes(shadow.bytes)));
  if (shadow === null && statHere(look, '/etc/shadow') !== null) {
    look.unknowns.push({
      scope: 'accounts',
      what: 'which accounts have a password',
      reason: '/etc/shadow could not be read',
    });
  }
  for (const account of look.accounts) {
    const hasHashInPasswd = isUsableHash(account.password);
    const hasPassword = hasHashInPasswd || account.password === '' || (passwords.get(account.name) ?? false);
    const keyCount = gathered.lines.filter(
      ({ role, account: name }) => role === 'authorized-key' && name === account.name,
    ).length;
    const hasShell = !isNoLogin(account.shell.trim()) || account.shell !== account.shell.trim();
    const isPerson = account.uid === 0 || account.uid >= 1000;
    // A program's account with a shell but neither password nor key cannot be logged in to.
    if (!hasShell && !(hasPassword && !isNoLogin(account.shell))) continue;
    if (!isPerson && !hasPassword && keyCount === 0) continue;
    gathered.accounts.push({
      account: account.name,
      uid: account.uid,
      gid: account.gid,
      home: account.home,
      shell: account.shell,
      hasPassword,
      keyCount,
      place: { path: '/etc/passwd', line: account.line },
      isUidShared: look.accounts.some((other) => other.name !== account.name && other.uid === account.uid),
      hasHashInPasswd,
    });
  }
  return look.accounts.length;
}
