import { describe, expect, it } from 'vitest';
import { accountRights } from '../../src/findings/account-rights.ts';
import type { ObservedLine } from '../../src/findings/observation.ts';

type Line = Pick<ObservedLine, 'role' | 'line' | 'details'>;
const sshd = (text: string, more: Record<string, string> = {}): Line => {
  const [keyword = '', ...rest] = text.split(' ');
  const details = { keyword: keyword.toLowerCase(), value: rest.join(' '), isEffective: 'yes', ...more };
  return { role: 'sshd-line', line: { number: 1, text }, details };
};
const sudo = (text: string): Line => ({ role: 'sudo-rule', line: { number: 1, text }, details: {} });
const ann = { account: 'ann', uid: 1000, hasPassword: true, groups: ['ann', 'sudo'] };
const keyed = { ...ann, hasPassword: false };
const root = { account: 'root', uid: 0, hasPassword: true, groups: ['root'] };

describe('what sshd lets an account do', () => {
  it.each([
    ['nothing said: keys and passwords', ann, ['Subsystem sftp x'], true, true],
    ['root by a key alone unless said otherwise', root, ['Subsystem sftp x'], true, false],
    ['root by a password', root, ['PermitRootLogin yes'], true, true],
    ['no root', root, ['PermitRootLogin no'], false, false],
    ['no passwords, and PAM may not ask either', ann, ['PasswordAuthentication no'], true, false],
    ['PAM asks for the password all the same', ann, ['PasswordAuthentication no', 'UsePAM yes'], true, true],
    [
      'as Debian has it',
      ann,
      ['PasswordAuthentication no', 'UsePAM yes', 'KbdInteractiveAuthentication no'],
      true,
      false,
    ],
    ['no keys', ann, ['PubkeyAuthentication no'], false, true],
    ['others are allowed', ann, ['AllowUsers bob carl'], false, false],
    ['allowed on a second line', ann, ['AllowUsers bob', 'AllowUsers a*@10.0.0.0/8'], true, true],
    ['denied by a pattern', ann, ['DenyUsers an?'], false, false],
    ['a dot is a dot', { ...ann, account: 'a-n' }, ['DenyUsers a.n'], true, true],
    ['allowed by a group', ann, ['AllowGroups wheel sudo'], true, true],
    ['denied by a group', ann, ['DenyGroups sudo', 'AllowUsers ann'], false, false],
  ] as const)('%s', (_name, who, lines, byKey, byPassword) => {
    const seen = accountRights(
      who,
      lines.map((text) => sshd(text)),
    );
    expect(seen).toMatchObject({ byKey, byPassword, isByMatch: false });
  });

  it('takes the line that holds, and says that a Match block may say otherwise', () => {
    const lines = [
      sshd('PasswordAuthentication no'),
      sshd('PasswordAuthentication yes', { isEffective: 'no' }),
      sshd('PasswordAuthentication yes', { match: 'User ann' }),
    ];
    expect(accountRights(ann, lines)).toMatchObject({ byPassword: false, isByMatch: true });
  });

  it('knows nothing where neither was looked at', () => expect(accountRights(ann, [])).toBeNull());
});

describe('what sudo lets an account do', () => {
  it.each([
    [ann, ['%sudo ALL=(ALL:ALL) ALL'], 'sudo'],
    [keyed, ['%sudo ALL=(ALL:ALL) ALL'], 'sudo-without-password'],
    [keyed, ['ann ALL=(ALL) NOPASSWD:ALL'], 'sudo'],
    [keyed, ['ann ALL=(ALL) NOPASSWD: ALL'], 'sudo'],
    [ann, ['ann ALL = ALL'], 'sudo'],
    [ann, ['%wheel ALL=(ALL) ALL', 'Defaults env_reset'], 'no'],
    [ann, ['ann ALL=(root) /usr/bin/systemctl'], 'no'],
    [ann, ['ann ALL=(postgres) ALL'], 'no'],
    [ann, ['bob,ann ALL=(ALL) ALL'], 'sudo'],
    [ann, ['ALL, !ann ALL=(ALL) ALL'], 'no'],
    [ann, ['#1000 ALL=(ALL) ALL'], 'sudo'],
    [ann, ['User_Alias ADMINS = carl, ann', 'ADMINS ALL=(ALL) ALL'], 'sudo'],
    [ann, ['User_Alias A = A', 'A ALL=(ALL) ALL'], 'no'],
    [{ ...ann, account: 'root', uid: 0 }, ['Defaults x'], 'itself'],
  ] as const)('%j under %j: %s', (who, rules, grant) => {
    expect(accountRights(who, rules.map(sudo))?.root).toBe(grant);
  });
});
