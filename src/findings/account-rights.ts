import { matchesWildcard } from '../text/wildcard.ts';
import type { AccountRights } from './finding.ts';
import type { ObservedLine } from './observation.ts';
import type { ObservedAccount } from './observed-account.ts';

type Seen = Pick<ObservedAccount, 'account' | 'uid' | 'hasPassword' | 'groups'>;
type Line = Pick<ObservedLine, 'role' | 'line' | 'details'>;

/**
 * What an account may do by the lines of sshd_config(5) and sudoers(5) that were seen: what decides who is left to
 * get in. null if none of either was seen, since then it cannot be told.
 */
export function accountRights(seen: Seen, lines: readonly Line[]): AccountRights | null {
  const sshd = lines.filter(({ role }) => role === 'sshd-line').map(({ details }) => details);
  const rules = lines.filter(({ role }) => role === 'sudo-rule').map(({ line }) => line.text);
  if (sshd.length === 0 && rules.length === 0) return null;
  return { ...sshWays(seen, sshd), root: seen.uid === 0 ? 'itself' : sudoGrant(seen, rules) };
}

type Details = Readonly<Record<string, string>>;

/** sshd_config(5), with its built-in values where no line says otherwise. Blocks of `Match` are only said to be there. */
function sshWays(seen: Seen, all: readonly Details[]): Omit<AccountRights, 'root'> {
  const general = all.filter(({ match }) => match === undefined);
  const value = (keyword: string, otherwise: string): string =>
    general
      .find((one) => one.keyword === keyword && one.isEffective !== 'no')
      ?.value?.trim()
      .toLowerCase() ?? otherwise;
  const isRoot = seen.uid === 0;
  const root = value('permitrootlogin', 'prohibit-password');
  const isLetIn = isAllowed(seen, general) && !(isRoot && root === 'no');
  const asksForPasswords =
    value('passwordauthentication', 'yes') !== 'no' ||
    (value('kbdinteractiveauthentication', value('challengeresponseauthentication', 'yes')) !== 'no' &&
      value('usepam', 'no') === 'yes');
  return {
    byKey: isLetIn && value('pubkeyauthentication', 'yes') !== 'no',
    byPassword: isLetIn && seen.hasPassword && asksForPasswords && (!isRoot || root === 'yes'),
    isByMatch: all.some(({ match, keyword = '' }) => match !== undefined && WHO.test(keyword)),
  };
}

const WHO =
  /^(permitrootlogin|passwordauthentication|pubkeyauthentication|kbdinteractiveauthentication|(allow|deny)(users|groups))$/;

/** Deny before allow, users before groups, and every line of a kind counts (sshd_config(5), AllowUsers). */
function isAllowed({ account, groups }: Seen, lines: readonly Details[]): boolean {
  const patterns = (keyword: string): string[] =>
    lines
      .filter((one) => one.keyword === keyword)
      .flatMap(({ value = '' }) => value.split(/\s+/))
      .filter((word) => word !== '');
  const names = (keyword: string): string[] => (keyword.endsWith('users') ? [account] : [...groups]);
  const hits = (keyword: string): boolean =>
    patterns(keyword).some((pattern) => names(keyword).some((name) => matches(pattern, name)));
  if (hits('denyusers') || hits('denygroups')) return false;
  return ['allowusers', 'allowgroups'].every((keyword) => patterns(keyword).length === 0 || hits(keyword));
}

/** PATTERNS of ssh_config(5): `*` and `?`. What stands behind an `@` is about where from, which may hold. */
function matches(pattern: string, name: string): boolean {
  const [who = ''] = pattern.split('@');
  return matchesWildcard(who, name);
}

/**
 * Whether rules of sudoers(5) let the account do everything as root: `sudo` without being asked, or asked for a
 * password that it has. A rule that names single commands counts for nothing; of several that match the last one holds.
 */
function sudoGrant(
  { account, uid, groups, hasPassword }: Seen,
  rules: readonly string[],
): AccountRights['root'] {
  const aliases = new Map<string, readonly string[]>();
  for (const rule of rules) {
    const [, name, list] = /^\s*User_Alias\s+([A-Z][A-Z0-9_]*)\s*=\s*(.*)$/.exec(rule) ?? [];
    if (name !== undefined && list !== undefined) aliases.set(name, listed(list));
  }
  const isMeant = (who: string, depth = 0): boolean => {
    if (who === 'ALL' || who === account || who === `#${uid}`) return true;
    if (who.startsWith('%')) return groups.includes(who.slice(1));
    return depth < 4 && (aliases.get(who) ?? []).some((one) => isMeant(one, depth + 1));
  };
  let grant: AccountRights['root'] = 'no';
  for (const rule of rules) {
    if (/^\s*(Defaults|(User|Runas|Host|Cmnd|Cmd)_Alias)\b/.test(rule)) continue;
    const [, who = '', , runAs, commands = ''] =
      /^\s*((?:[^\s,=]+\s*,\s*)*[^\s,=]+)\s+([^=]+?)\s*=\s*(?:\(([^)]*)\))?\s*(.*)$/.exec(rule) ?? [];
    const meant = listed(who);
    if (meant.some((one) => one.startsWith('!') && isMeant(one.slice(1)))) continue;
    if (!meant.some((one) => isMeant(one))) continue;
    const users = listed((runAs ?? 'root').split(':')[0] ?? '');
    const isAsRoot = runAs === undefined || users.some((user) => user === 'root' || user === 'ALL');
    if (!isAsRoot || !/(^|[\s,:])ALL\s*(,|$)/.test(commands)) continue;
    grant = /\bNOPASSWD\s*:/.test(commands) || hasPassword ? 'sudo' : 'sudo-without-password';
  }
  return grant;
}

function listed(text: string): readonly string[] {
  return text.split(',').map((one) => one.trim());
}
