import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../src/host/host.ts';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';
import { HASH, PRIVATE_ETC } from '../../support/private-etc.ts';

const lock = (account: string, uid: number): OperationTarget => ({ kind: 'lock-account', account, uid });
const expire = (account: string, uid: number): OperationTarget => ({ kind: 'expire-password', account, uid });
const responder = (account: string, uid: number): Partial<HostFacts> => ({
  responder: {
    ...{ peerAddress: null, peerPort: null, localPort: null, protectedPids: [], keyFingerprint: null },
    account,
    uid,
  },
});

describe('operations on accounts', () => {
  let namespace: Namespace;
  let host: Driver;
  const shadow = () => namespace.run(['cat', '/etc/shadow']);
  const lineOf = (account: string) =>
    shadow()
      .split('\n')
      .find((line) => line.startsWith(`${account}:`)) ?? '';

  beforeAll(async () => {
    namespace = await openNamespace(PRIVATE_ETC);
    host = openDriver(namespace);
  });
  afterAll(async () => {
    await host?.kill();
    await namespace?.end();
  });

  it.each([
    ['one with a password and an expiry date', 'bob', 1001],
    ['one without an expiry date', 'alice', 1000],
    ['one that was locked already', 'carol', 1002],
    ['one that nobody has a password for', 'dave', 1003],
    ['one that asks for no password', 'open', 1004],
    ['a second name for uid 0', 'toor', 0],
  ])('locks %s and puts it back byte for byte', async (_what, account, uid) => {
    const before = shadow();
    const operation = lock(account, uid);
    const facts = responder('root', 0);
    const receipt = await host.ready(operation, facts);
    expect(JSON.stringify(receipt)).not.toContain(HASH.slice(0, 10));
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    const outcome = await host.perform(operation, receipt, facts);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(lineOf(account)).toMatch(new RegExp(`^${account}:!.*:1:$`));
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    expect(await host.undo(operation, outcome.receipt, facts)).toMatchObject({ status: 'done' });
    expect(shadow()).toBe(before);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  });

  it.each([
    ['alice', 1000],
    ['toor', 0],
  ])('expires the password of %s and puts it back byte for byte', async (account, uid) => {
    const before = shadow();
    const operation = expire(account, uid);
    const facts = responder('bob', 1001);
    const receipt = await host.ready(operation, facts);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    expect(await host.perform(operation, receipt, facts)).toMatchObject({ status: 'done' });
    expect(lineOf(account).split(':')[2]).toBe('0');
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    expect(await host.undo(operation, receipt, facts)).toMatchObject({ status: 'done' });
    expect(shadow()).toBe(before);
  });

  it('leaves a password alone that was set anew before the undo', async () => {
    const operation = expire('bob', 1001);
    const receipt = await host.ready(operation);
    await host.perform(operation, receipt);
    namespace.run(['chage', '-d', '20500', 'bob']);
    expect((await host.undo(operation, receipt)).message).toContain('meanwhile');
    expect(lineOf('bob').split(':')[2]).toBe('20500');
    namespace.run(['chage', '-d', '19800', 'bob']);
  });

  it.each([
    ["the responder's own account", lock('bob', 1001), responder('bob', 1001), 'responder'],
    [
      "the responder's own account under another name",
      lock('alice', 1000),
      responder('al', 1000),
      'responder',
    ],
    ['an account that is another one now', lock('bob', 1005), {}, 'stale'],
    ['an account that is gone', lock('mallory', 1009), {}, 'stale'],
    ['an account whose password is elsewhere', lock('ldap', 2000), {}, 'unavailable'],
    ['expiring a password that nobody has', expire('dave', 1003), {}, 'invalid'],
    ['expiring a password that is locked', expire('carol', 1002), {}, 'invalid'],
  ])('refuses %s', async (_what, operation, facts, code) => {
    expect(await host.prepare(operation, facts)).toMatchObject({ status: 'refused', refusal: { code } });
  });

  it('refuses to lock root while nobody else could become root', async () => {
    const facts = responder('bob', 1001);
    expect(await host.prepare(lock('root', 0), facts)).toMatchObject({ status: 'ready' });
    namespace.shell("sed -i -e '/^toor:/d' /etc/passwd; sed -i -e 's/^sudo:.*/sudo:x:27:carol/' /etc/group");
    expect(await host.prepare(lock('root', 0), facts)).toMatchObject({ refusal: { code: 'responder' } });
  });

  it('says what to install where a tool is missing, and what cannot be read', async () => {
    namespace.shell('for name in usermod chage; do mount --bind /dev/null "$(command -v $name)"; done');
    const locked = await host.prepare(lock('bob', 1001));
    const expired = await host.prepare(expire('bob', 1001));
    for (const prepared of [locked, expired]) {
      expect(prepared).toMatchObject({ refusal: { code: 'unavailable' } });
      expect(JSON.stringify(prepared)).toContain('shadow-utils');
    }
    namespace.shell('mv /etc/shadow /etc/shadow.away');
    expect(await host.prepare(lock('bob', 1001))).toMatchObject({ refusal: { code: 'unavailable' } });
    expect(
      await host.verify(lock('bob', 1001), {
        kind: 'lock-account',
        tool: 'usermod',
        wasLocked: false,
        wasEmpty: false,
        expiredOn: '',
        lastChange: '',
      }),
    ).toMatchObject({ status: 'unknown' });
  });
});
