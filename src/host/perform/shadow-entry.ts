import { readFileSync } from 'node:fs';
import { decodeHostBytes } from '../../text/host-bytes.ts';

/** What /etc/passwd and /etc/shadow say of an account, without the password hash (passwd(5), shadow(5)). */
export interface AccountEntry {
  readonly name: string;
  readonly uid: number;
  readonly shell: string;
  /** `locked`: a hash behind a `!`; `unusable`: `*` and the like, nothing can match it; `empty`: no password is asked for. */
  readonly password: 'set' | 'locked' | 'unusable' | 'empty' | 'elsewhere';
  /** Whether the password field starts with `!`. */
  readonly hasLockMark: boolean;
  /** Days since the epoch as they stand there; '' for none. */
  readonly lastChange: string;
  readonly expires: string;
}

/** null if /etc/passwd has no such account (a directory may). Throws if either file cannot be read. */
export function readAccountEntry(name: string): AccountEntry | null {
  const passwd = linesOf('/etc/passwd').find(([first]) => first === name);
  if (passwd === undefined) return null;
  const shadow = linesOf('/etc/shadow').find(([first]) => first === name);
  const hash = shadow?.[1] ?? '';
  return {
    name,
    uid: Number(passwd[2]),
    shell: passwd[6] ?? '',
    password: shadow === undefined ? 'elsewhere' : kindOf(hash),
    hasLockMark: hash.startsWith('!'),
    lastChange: shadow?.[2] ?? '',
    expires: shadow?.[7] ?? '',
  };
}

/** Names of other accounts that can become root: uid 0, or in a group that sudo is customarily given to. */
export function otherWaysToRoot(besides: string): readonly string[] {
  const members = linesOf('/etc/group')
    .filter(([group = '']) => ['sudo', 'wheel', 'admin'].includes(group))
    .flatMap(([, , gid = '', names = '']) => [
      ...names.split(','),
      ...linesOf('/etc/passwd').flatMap(([name = '', , , group]) => (group === gid ? [name] : [])),
    ]);
  const roots = linesOf('/etc/passwd').flatMap(([name = '', , uid]) => (uid === '0' ? [name] : []));
  return [...new Set([...roots, ...members])].filter((name) => name !== besides && canLogIn(name));
}

function canLogIn(name: string): boolean {
  const entry = name === '' ? null : readAccountEntry(name);
  if (entry === null || /(nologin|false)$/.test(entry.shell)) return false;
  const isExpired = entry.expires !== '' && Number(entry.expires) <= Date.now() / 86_400_000;
  return !entry.hasLockMark && !isExpired;
}

function kindOf(hash: string): AccountEntry['password'] {
  if (hash === '') return 'empty';
  if (hash.startsWith('!')) return hash.length > 12 ? 'locked' : 'unusable';
  return hash.length > 12 ? 'set' : 'unusable';
}

function linesOf(path: string): readonly (readonly string[])[] {
  return decodeHostBytes(readFileSync(path))
    .split('\n')
    .map((line) => line.split(':'));
}
