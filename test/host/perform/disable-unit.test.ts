import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileIdentity } from '../../../src/operations/identity.ts';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';
import { PRIVATE_ETC } from '../../support/private-etc.ts';

const SYSTEM = '/etc/systemd/system';
const USER = '/home/bob/.config/systemd/user';

describe('disable-unit where no service manager runs', () => {
  let namespace: Namespace;
  let host: Driver;
  /** Every name with its kind, owner, mode, target and time. */
  const tree = () =>
    namespace.shell(
      `find ${SYSTEM} /run/systemd ${USER} /etc/runlevels ! -type d -printf '%p %y %U %G %m %l %T@\\n' | sort`,
    );

  beforeAll(async () => {
    namespace = await openNamespace(`${PRIVATE_ETC}
mount -t tmpfs tmpfs /home
mkdir -p ${SYSTEM}/multi-user.target.wants ${SYSTEM}/timers.target.requires /run/systemd/system/basic.target.wants
mkdir -p ${USER}/default.target.wants /etc/runlevels/default /etc/init.d
cd ${SYSTEM}
printf '[Service]\\nExecStart=/tmp/x\\n' >dbus-0rg.service
printf '[Timer]\\n' >dbus-0rg.timer
printf '[Service]\\n' >web@.service
printf '[Service]\\n' >ordinary.service
ln -s ../dbus-0rg.service multi-user.target.wants/dbus-0rg.service
ln -s ${SYSTEM}/dbus-0rg.service dbus-alias.service
ln -s ${SYSTEM}/dbus-0rg.service /run/systemd/system/basic.target.wants/dbus-0rg.service
ln -s ../dbus-0rg.timer timers.target.requires/dbus-0rg.timer
ln -s ../ordinary.service multi-user.target.wants/ordinary.service
ln -s ${SYSTEM}/web@.service multi-user.target.wants/web@1.service
ln -s ${SYSTEM}/web@.service multi-user.target.wants/web@2.service
touch -h -d @1600000000.5 multi-user.target.wants/dbus-0rg.service
printf '[Service]\\n' >${USER}/gvfsd.service
ln -s ../gvfsd.service ${USER}/default.target.wants/gvfsd.service
printf '#!/bin/sh\\n' >/etc/init.d/minerd
ln -s /etc/init.d/minerd /etc/runlevels/default/minerd`);
    host = openDriver(namespace);
  });
  afterAll(async () => {
    await host?.kill();
    await namespace?.end();
  });

  function identify(path: string): FileIdentity {
    const [device = '', inode = '', size = '', mode = '', uid = '', gid = '', mtime = ''] = namespace
      .run(['stat', '-c', '%d %i %s %a %u %g %.9Y', path])
      .trim()
      .split(' ');
    const sha256 = namespace.run(['sha256sum', path]).slice(0, 64);
    return {
      ...{
        path,
        kind: 'file',
        device,
        inode,
        sha256,
        sizeBytes: Number(size),
        uid: Number(uid),
        gid: Number(gid),
      },
      ...{ mode: Number.parseInt(mode, 8), mtimeNs: mtime.replace('.', '') },
    };
  }
  const disable = (
    unit: string,
    path = `${SYSTEM}/${unit}`,
    user: string | null = null,
  ): OperationTarget => ({
    kind: 'disable-unit',
    unit,
    user,
    file: identify(path),
  });
  const links = (text: string, name: string) =>
    text.split('\n').filter((line) => line.includes(` l `) && line.includes(name));

  it.each([
    [
      'a service, with its aliases and what the runtime wants',
      'dbus-0rg.service',
      `${SYSTEM}/dbus-0rg.service`,
      null,
      3,
    ],
    ['a timer', 'dbus-0rg.timer', `${SYSTEM}/dbus-0rg.timer`, null, 1],
    ['one instance of a template', 'web@1.service', `${SYSTEM}/web@.service`, null, 1],
    ["a user's unit", 'gvfsd.service', `${USER}/gvfsd.service`, 'bob', 1],
  ])('disables %s and enables it again exactly as it was', async (_what, unit, path, user, count) => {
    const before = tree();
    const operation = disable(unit, path, user);
    const facts = { serviceManager: 'systemd-offline' } as const;
    const receipt = await host.ready(operation, facts);
    expect(receipt.links).toHaveLength(count);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    expect(tree()).toBe(before);

    const outcome = await host.perform(operation, receipt, facts);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(outcome.message).toContain('No service manager runs here');
    expect(links(tree(), unit)).toEqual([]);
    expect(before.split('\n').filter((line) => !tree().includes(line))).toHaveLength(count);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });

    expect(await host.undo(operation, outcome.receipt, facts)).toMatchObject({ status: 'done' });
    expect(tree()).toBe(before);
    expect(await host.undo(operation, outcome.receipt, facts)).toMatchObject({ status: 'done' });
  });

  it('makes the folder again that held the link', async () => {
    const before = tree();
    const operation = disable('dbus-0rg.timer');
    const receipt = await host.ready(operation);
    await host.perform(operation, receipt);
    namespace.run(['rmdir', `${SYSTEM}/timers.target.requires`]);
    expect(await host.undo(operation, receipt)).toMatchObject({ status: 'done' });
    expect(tree()).toBe(before);
  });

  it('sees that something has enabled it again', async () => {
    const operation = disable('dbus-0rg.service');
    const receipt = await host.ready(operation);
    await host.perform(operation, receipt);
    namespace.shell(`ln -s x ${SYSTEM}/timers.target.requires/dbus-0rg.service`);
    const verification = await host.verify(operation, receipt);
    expect(verification).toMatchObject({ status: 'does-not-hold' });
    expect(verification.detail).toContain('timers.target.requires/dbus-0rg.service');
    namespace.shell(`rm ${SYSTEM}/timers.target.requires/dbus-0rg.service`);
    await host.undo(operation, receipt);
  });

  it('leaves what has taken the place of a link', async () => {
    const operation = disable('dbus-0rg.timer');
    const receipt = await host.ready(operation);
    await host.perform(operation, receipt);
    namespace.shell(`echo mine >${SYSTEM}/timers.target.requires/dbus-0rg.timer`);
    const outcome = await host.undo(operation, receipt);
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(namespace.run(['cat', `${SYSTEM}/timers.target.requires/dbus-0rg.timer`])).toBe('mine\n');
    namespace.shell(`rm ${SYSTEM}/timers.target.requires/dbus-0rg.timer`);
    await host.undo(operation, receipt);
  });

  it('never follows a folder that is a symlink of the user', async () => {
    namespace.shell(`mkdir /home/elsewhere; mv ${USER}/default.target.wants /home/elsewhere/; chmod 777 ${USER}
ln -s /home/elsewhere/default.target.wants ${USER}/default.target.wants`);
    const receipt = await host.ready(disable('gvfsd.service', `${USER}/gvfsd.service`, 'bob'));
    expect(receipt.links).toEqual([]);
    namespace.shell(
      `rm ${USER}/default.target.wants; mv /home/elsewhere/default.target.wants ${USER}/; chmod 755 ${USER}`,
    );
  });

  it('refuses a file that changed, a name that is none, and a user who is gone', async () => {
    const operation = disable('ordinary.service');
    namespace.shell(`echo '# more' >>${SYSTEM}/ordinary.service`);
    expect(await host.prepare(operation)).toMatchObject({ refusal: { code: 'stale' } });
    const file = identify(`${SYSTEM}/ordinary.service`);
    expect(await host.prepare({ kind: 'disable-unit', unit: '-x; id', user: null, file })).toMatchObject({
      refusal: { code: 'invalid' },
    });
    expect(
      await host.prepare({ kind: 'disable-unit', unit: 'x.service', user: 'mallory', file }),
    ).toMatchObject({ refusal: { code: 'stale' } });
  });
});
