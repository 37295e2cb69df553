import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { identifyWithin } from '../../support/identify-within.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';
import { PRIVATE_ETC } from '../../support/private-etc.ts';
import { DPKG } from './one-package.ts';

const PS = '/run/tq/bin/tq-ps';
const TOP = '/run/tq/bin/tq-top';

describe('reinstall-package with a real apt', () => {
  let namespace: Namespace;
  let host: Driver;
  beforeAll(async () => {
    namespace = await openNamespace(`${PRIVATE_ETC}\n${DPKG}`);
    host = openDriver(namespace);
  });
  afterAll(async () => {
    await host?.kill();
    await namespace?.end();
  });
  beforeEach(() => {
    namespace.shell(`for name in ps top; do
  echo "a fake $name" >/run/tq/bin/tq-$name; chown 1000:1000 /run/tq/bin/tq-$name; chmod 777 /run/tq/bin/tq-$name
  setfattr -n trusted.mark -v fake /run/tq/bin/tq-$name
done`);
  });
  afterEach(() =>
    namespace.shell(`rm -rf /run/tourniquet /var/cache/apt/archives/*.deb
if [ -e /run/away.deb ]; then mv /run/away.deb /run/repo/tq-procps.deb; fi
if grep -q ' /run/tq/bin ' /proc/self/mountinfo; then chattr -i /run/tq/bin/tq-ps; umount -l /run/tq/bin; fi`),
  );

  const plan = (otherwise: 'quarantine' | 'leave', ...paths: string[]): OperationTarget => ({
    kind: 'reinstall-package',
    manager: 'apt',
    package: 'tq-procps',
    files: paths.map((path) => identifyWithin(namespace, path)),
    otherwise,
  });
  const look = (...paths: string[]) =>
    paths.map((path) =>
      namespace.shell(
        `stat -c '%n %i %a %u:%g %.9Y' ${path}; sha256sum ${path}; getfattr -d -m - --absolute-names ${path}`,
      ),
    );

  test.for([
    ['fetched', ':'],
    [
      'from the cache, with no mirror to be reached',
      'cp /run/repo/tq-procps.deb /var/cache/apt/archives/tq-procps_1%3a1.0-2_all.deb; mv /run/repo/tq-procps.deb /run/away.deb',
    ],
  ] as const)(
    'files are as the package has them, %s; undo brings the altered ones back whole',
    async ([, setup]) => {
      namespace.shell(setup);
      const before = look(PS, TOP);
      const operation = plan('leave', PS, TOP);
      const receipt = await host.ready(operation);
      expect(look(PS, TOP)).toEqual(before);
      expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });

      const outcome = await host.perform(operation, receipt);
      expect(outcome).toMatchObject({ status: 'done' });
      expect(outcome.message).toContain('1:1.0-2');
      expect(namespace.run(['cat', PS, TOP])).toBe('the real ps\nthe real top\n');
      expect(namespace.run(['stat', '-c', '%a %u:%g', PS, TOP])).toBe('755 0:0\n4755 0:0\n');
      expect(namespace.run(['stat', '-c', '%.9Y', PS])).toBe('1500000000.000000000\n');
      // Nothing that was hung on the fake stays on the real one, and no script of the package was run.
      expect(namespace.run(['getfattr', '-d', '-m', '-', PS, TOP])).toBe('');
      expect(() => namespace.run(['ls', '/run/script-was-run'])).toThrow();
      expect(namespace.run(['dpkg', '--verify', 'tq-procps'])).toBe('');
      for (const known of [receipt, outcome.receipt])
        expect(await host.verify(operation, known)).toMatchObject({ status: 'holds' });

      expect(await host.undo(operation, outcome.receipt)).toMatchObject({ status: 'done' });
      expect(look(PS, TOP)).toEqual(before);
      expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    },
  );

  test('a copy in the cache that is not the real one is not used', async () => {
    namespace.shell(`cp /run/repo/tq-procps.deb /var/cache/apt/archives/tq-procps_1%3a1.0-2_all.deb
echo x >>/var/cache/apt/archives/tq-procps_1%3a1.0-2_all.deb; mv /run/repo/tq-procps.deb /run/away.deb`);
    const prepared = await host.prepare(plan('leave', PS));
    expect(prepared).toMatchObject({ status: 'refused', refusal: { code: 'unavailable' } });
    expect(namespace.run(['cat', PS])).toBe('a fake ps\n');
  });

  test('where the package cannot be had, what a host does without goes into quarantine, and that is said', async () => {
    namespace.shell('mv /run/repo/tq-procps.deb /run/away.deb');
    const before = look(PS);
    const operation = plan('quarantine', PS);
    const receipt = await host.ready(operation);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    const outcome = await host.perform(operation, receipt);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(outcome.message).toMatch(/could not be had.*quarantine/);
    expect(() => namespace.run(['ls', PS])).toThrow();
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    expect(await host.undo(operation, outcome.receipt)).toMatchObject({ status: 'done' });
    expect(look(PS)).toEqual(before);
  });

  test('an immutable fake is replaced as well, and is immutable again after undo', async () => {
    namespace.shell(
      'dd if=/dev/zero of=/tmp/ext bs=1M count=8 status=none && mkfs.ext4 -q /tmp/ext && mount -o loop /tmp/ext /run/tq/bin',
    );
    namespace.shell('echo fake >/run/tq/bin/tq-ps; chattr +i /run/tq/bin/tq-ps');
    const operation = plan('leave', PS);
    const receipt = await host.ready(operation);
    const outcome = await host.perform(operation, receipt);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(namespace.run(['cat', PS])).toBe('the real ps\n');
    expect(await host.undo(operation, outcome.receipt)).toMatchObject({ status: 'done' });
    expect(namespace.run(['lsattr', PS])).toMatch(/^\S*i\S* /);
  });

  test('refuses a file that the package does not bring, one that is as it brings it, and what is no package', async () => {
    namespace.shell('echo x >/run/tq/bin/other; cp -p /run/build/run/tq/bin/tq-ps /run/tq/bin/tq-ps');
    expect(await host.prepare(plan('leave', '/run/tq/bin/other'))).toMatchObject({
      refusal: { code: 'invalid' },
    });
    expect(await host.prepare(plan('leave', PS))).toMatchObject({ refusal: { code: 'stale' } });
    const target = plan('leave', TOP);
    expect(await host.prepare({ ...target, package: '-o' } as OperationTarget)).toMatchObject({
      refusal: { code: 'invalid' },
    });
    const gone = await host.prepare({ ...target, package: 'tq-gone' } as OperationTarget);
    expect(gone).toMatchObject({ refusal: { code: 'unavailable' } });
  });
});
