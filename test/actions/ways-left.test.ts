import { describe, expect, it } from 'vitest';
import { resetKeys } from '../../src/actions/reset-keys.ts';
import { waysIn, waysLeft } from '../../src/actions/ways-left.ts';
import type { AccountRights, Finding } from '../../src/findings/finding.ts';
import type { FileIdentity } from '../../src/operations/identity.ts';
import { planFacts } from '../support/plan-facts.ts';

const FREE: AccountRights = { byKey: true, byPassword: false, isByMatch: false, root: 'no' };

function finding(id: string, subject: Finding['subject']): Finding {
  return {
    ...{ id, subject, title: id, verdict: 'unknown', score: 20, reasons: [], places: [], attack: [] },
    ...{ times: null, owner: null, related: [] },
  };
}
function file(path: string): FileIdentity {
  return {
    ...{ path, kind: 'file', device: '1', inode: '2', sizeBytes: 3, mode: 0o600, uid: 0, gid: 0 },
    ...{ mtimeNs: '1', sha256: 'a'.repeat(64) },
  };
}
const account = (name: string, rights: Partial<AccountRights> | null, uid = 1000): Finding =>
  finding(`account ${name}`, {
    kind: 'account',
    account: name,
    uid,
    shell: '/bin/bash',
    hasPassword: true,
    ...(rights === null ? {} : { rights: { ...FREE, ...rights } }),
  });
const key = (name: string, number = 1, options = ''): Finding =>
  finding(`key ${name} ${number}`, {
    kind: 'file-line',
    role: 'authorized-key',
    file: file(`/home/${name}/.ssh/authorized_keys`),
    line: { number, text: `ssh-ed25519 ${number}` },
    details: { account: name, options },
  });
const hostKey = finding('host key', {
  kind: 'host-key',
  file: file('/etc/ssh/ssh_host_ed25519_key'),
  type: 'ed25519',
  fingerprint: 'SHA256:x',
});
const plan = (all: readonly Finding[], chosen: readonly string[], parameters: Record<string, unknown> = {}) =>
  resetKeys.plan({
    chosen: all.filter(({ id }) => chosen.includes(id)),
    findings: all,
    parameters,
    facts: planFacts(),
    command: null,
  });

const ann = account('ann', { root: 'sudo' });
const bob = account('bob', { byPassword: true });
const root = account('root', { root: 'itself' }, 0);

describe('what would be left to get in by', () => {
  it.each([
    [
      'two of several keys',
      [ann, key('ann', 1), key('ann', 2), bob],
      ['key ann 1'],
      {},
      undefined,
      /ann by a key, with all rights; bob by a password/,
    ],
    [
      'the only key, passwords left',
      [ann, key('ann'), bob],
      ['key ann 1'],
      {},
      'close',
      /last key.*bob by a password\./s,
    ],
    [
      'the only way in',
      [ann, key('ann')],
      ['key ann 1'],
      {},
      'close',
      /last way in over SSH.*nothing over SSH/s,
    ],
    [
      'a key for one command is no way in',
      [ann, key('ann'), key('ann', 2, 'command="backup"')],
      ['key ann 1'],
      {},
      'close',
      /nothing over SSH/,
    ],
    [
      'the only account with sudo',
      [ann, key('ann'), bob, key('bob')],
      [],
      { accounts: ['ann'] },
      'lock',
      /nobody who can get in.*bob by a key and a password\./s,
    ],
    [
      'one of two with all rights',
      [ann, key('ann'), root, key('root')],
      [],
      { accounts: ['ann'] },
      undefined,
      /root by a key, with all rights/,
    ],
    [
      'sudo that asks for a password that is not there counts for nothing',
      [ann, key('ann'), account('cy', { root: 'sudo-without-password' }), key('cy')],
      [],
      { accounts: ['ann'] },
      'lock',
      /cy by a key\./,
    ],
    [
      'new host keys',
      [ann, key('ann'), hostKey],
      [],
      { 'host-keys': true },
      'replace',
      /warned.*ann by a key/s,
    ],
    [
      'a Match block',
      [account('ann', { isByMatch: true }), key('ann'), bob, key('bob')],
      [],
      { accounts: ['bob'] },
      undefined,
      /Match block/,
    ],
    ['not looked at', [account('ann', null), key('ann')], ['key ann 1'], {}, 'close', /not known/],
  ] as const)('%s', (_name, all, chosen, parameters, word, text) => {
    const made = plan(all, chosen, parameters);
    expect(made.word).toBe(word);
    expect(made.remarks.join('\n')).toMatch(text);
  });

  it('says nothing where no way in is closed', () => {
    expect(waysLeft([ann, key('ann')], [])).toEqual({ remarks: [] });
    expect(plan([ann, key('ann')], ['account ann'])).not.toHaveProperty('word');
  });

  it('counts who can get in now', () => {
    expect(waysIn([ann, key('ann'), key('ann', 2), bob, root])).toEqual([
      { account: 'ann', keys: 2, hasPassword: false, isRoot: true },
      { account: 'bob', keys: 0, hasPassword: true, isRoot: false },
    ]);
  });
});
