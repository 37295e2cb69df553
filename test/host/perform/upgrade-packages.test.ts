import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_MANAGERS } from '../../../src/host/perform/package-managers.ts';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';
import { PRIVATE_ETC } from '../../support/private-etc.ts';

const upgrade = (...packages: string[]): OperationTarget => ({
  kind: 'upgrade-packages',
  manager: 'apt',
  packages,
});

/** A dpkg of its own with two little packages at 1.0, and a repository on disk that has 2.0 of both. */
const REPOSITORY = `
for folder in /var/lib/dpkg /var/lib/apt /var/cache/apt /var/log; do mount -t tmpfs tmpfs $folder; done
mkdir -p /var/lib/dpkg/info /var/lib/dpkg/updates /var/lib/dpkg/triggers /var/lib/apt/lists/partial /var/cache/apt/archives/partial /var/log/apt
: >/var/lib/dpkg/status
mkdir -p /etc/apt/apt.conf.d /etc/apt/preferences.d /etc/apt/trusted.gpg.d /etc/dpkg/dpkg.cfg.d /run/repo
echo 'deb [trusted=yes] file:/run/repo ./' >/etc/apt/sources.list
echo 'APT::Sandbox::User "root"; Dir::Etc::sourceparts "-";' >/etc/apt/apt.conf
build() {
  root=/run/build/$1-$2
  mkdir -p "$root/DEBIAN" "$root/run/installed"
  chmod 755 "$root/DEBIAN"
  echo "$2" >"$root/run/installed/$1"
  printf 'Package: %s\\nVersion: %s\\nArchitecture: all\\nMaintainer: nobody <nobody@example.org>\\nDescription: a test\\n' "$1" "$2" >"$root/DEBIAN/control"
  printf '#!/bin/sh\\nwhile [ -e /run/hold ]; do sleep 0.05; done\\n' >"$root/DEBIAN/postinst"
  chmod 755 "$root/DEBIAN/postinst"
  dpkg-deb --root-owner-group -b "$root" "/run/repo/$1_$2_all.deb" >/dev/null
  { cat "$root/DEBIAN/control"
    echo "Filename: ./$1_$2_all.deb"
    echo "Size: $(stat -c %s "/run/repo/$1_$2_all.deb")"
    echo "SHA256: $(sha256sum "/run/repo/$1_$2_all.deb" | cut -d' ' -f1)"
    echo; } >>/run/repo/Packages
}
for name in tq-one tq-two; do build $name 1.0; build $name 2.0; done
install_old() { dpkg --force-downgrade -i /run/repo/tq-one_1.0_all.deb /run/repo/tq-two_1.0_all.deb >/dev/null 2>&1; }
install_old
apt-get -qq update
`;

describe('upgrade-packages with a real apt', () => {
  let namespace: Namespace;
  let host: Driver;
  const installed = () =>
    namespace.shell('cat /run/installed/tq-one /run/installed/tq-two').trim().split('\n');

  beforeAll(async () => {
    namespace = await openNamespace(`${PRIVATE_ETC}\n${REPOSITORY}`);
    host = openDriver(namespace);
  });
  afterAll(async () => {
    await host?.kill();
    await namespace?.end();
  });
  afterEach(() => {
    namespace.shell(`rm -rf /run/tourniquet /run/hold; apt-get -qq update
dpkg --force-downgrade -i /run/repo/tq-one_1.0_all.deb /run/repo/tq-two_1.0_all.deb >/dev/null 2>&1`);
    host.progress.length = 0;
  });

  it('upgrades only what is named, says how far it is, and what to type to go back', async () => {
    const operation = upgrade('tq-one');
    const receipt = await host.ready(operation);
    expect(receipt.versions).toEqual({ 'tq-one': '1.0' });
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    const outcome = await host.perform(operation, receipt);
    expect(outcome).toMatchObject({ status: 'done', exitCode: 0 });
    expect(outcome.message).toContain('tq-one 1.0 → 2.0');
    expect(installed()).toEqual(['2.0', '1.0']);
    expect(host.progress.at(-1)).toEqual({ done: 1, total: 1, unit: 'packages' });
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    const undone = await host.undo(operation, outcome.receipt);
    expect(undone).toMatchObject({ status: 'failed' });
    expect(undone.message).toContain('apt-get install --allow-downgrades tq-one=1.0');
  });

  it('upgrades everything that is pending where nothing is named', async () => {
    const operation = upgrade();
    const receipt = await host.ready(operation);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    expect(await host.perform(operation, receipt)).toMatchObject({ status: 'done' });
    expect(installed()).toEqual(['2.0', '2.0']);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
  });

  it('goes on when the runner is killed, and is joined again', async () => {
    const operation = upgrade('tq-one', 'tq-two');
    namespace.shell(': >/run/hold');
    const doomed = openDriver(namespace);
    const receipt = await doomed.ready(operation);
    const lost = doomed.perform(operation, receipt).catch(() => 'lost');
    await expect.poll(() => installed(), { timeout: 20_000 }).toEqual(['2.0', '2.0']);
    await doomed.kill();
    expect(await lost).toBe('lost');
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'in-progress' });
    namespace.shell('rm /run/hold');
    const outcome = await host.perform(operation, receipt);
    expect(outcome).toMatchObject({ status: 'done', exitCode: 0 });
    expect(outcome.message).toContain('Upgraded 2');
    expect(host.progress.at(-1)).toEqual({ done: 2, total: 2, unit: 'packages' });
  });

  it('says that the lists are old where the mirror cannot be reached', async () => {
    const operation = upgrade('tq-one');
    const receipt = await host.ready(operation);
    namespace.shell('mv /run/repo/Packages /run/Packages');
    const outcome = await host.perform(operation, receipt);
    namespace.shell('mv /run/Packages /run/repo/Packages');
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(outcome.message).toContain('lists could not be renewed');
  });

  it('refuses what is not installed and what is no name', async () => {
    expect(await host.prepare(upgrade('tq-gone'))).toMatchObject({ refusal: { code: 'stale' } });
    for (const name of ['tq-one-', '-o', 'a b', '/tmp/x.deb', ''])
      expect(await host.prepare(upgrade(name))).toMatchObject({ refusal: { code: 'invalid' } });
    expect(await host.prepare({ kind: 'upgrade-packages', manager: 'apk', packages: [] })).toMatchObject({
      refusal: { code: 'unavailable' },
    });
  });
});

describe('progress of package managers', () => {
  it.each([
    ['apt', '12 upgraded, 1 newly installed, 0 to remove and 3 not upgraded.', { done: 0, total: 13 }],
    ['apt', 'Setting up libc6:amd64 (2.36-9+deb12u9) ...', { isOneMore: true }],
    ['apt', 'Unpacking libc6:amd64 (2.36-9) ...', { isOneMore: false }],
    [
      'dnf',
      '  Upgrading        : openssl-libs-1:3.2.2-3.fc41.x86_64                  3/14 ',
      { done: 3, total: 14 },
    ],
    ['dnf', '  Cleanup          : openssl-libs-1:3.2.1-2.fc41.x86_64                  9/14 ', {}],
    ['zypper', '(2/12) Installing: libzypp-17.34.1-150600.3.34.1.x86_64 [...done]', { done: 2, total: 12 }],
    ['zypper', 'Retrieving: libzypp-17.34.1-150600.3.34.1.x86_64 (Update repository) (2/12)', {}],
    ['apk', '(2/5) Upgrading musl (1.2.4-r2 -> 1.2.5-r0)', { done: 2, total: 5 }],
    ['apk', 'Executing busybox-1.36.1-r29.trigger', {}],
  ] as const)('%s: %s', (manager, line, progress) => {
    expect(PACKAGE_MANAGERS[manager].progress(line)).toEqual(progress);
  });
});
