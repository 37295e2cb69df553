import { afterAll, beforeAll, expect, test } from 'vitest';
import { volumeOf } from '../../../src/host/volumes.ts';
import type { MountRef } from '../../../src/operations/identity.ts';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';

let namespace: Namespace;
let host: Driver;
let operation: OperationTarget;
beforeAll(async () => {
  // On a loop device, seen in this mount namespace alone; it goes with the mount (losetup(8), autoclear).
  namespace = await openNamespace(`
mkdir /tmp/volume; truncate -s 160M /tmp/disk
mkfs.btrfs -q /tmp/disk >/dev/null 2>&1
mount -o loop /tmp/disk /tmp/volume
echo before >/tmp/volume/file`);
  host = openDriver(namespace);
  const line = namespace.shell("grep ' - btrfs ' /proc/self/mountinfo");
  const source = line.trim().split(' - btrfs ')[1]?.split(' ')[0] ?? '';
  operation = {
    kind: 'snapshot-volume',
    volume: { type: 'btrfs', mountPoint: '/tmp/volume', source },
    name: 'before',
  };
});
afterAll(async () => {
  namespace?.shell('umount /tmp/volume');
  await host?.kill();
  await namespace?.end();
});

test('a real btrfs keeps how it was, read-only; undo removes the snapshot and nothing else', async () => {
  const receipt = await host.ready(operation);
  expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  expect(await host.perform(operation, receipt)).toMatchObject({ status: 'done' });
  expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
  namespace.shell('echo after >/tmp/volume/file');
  expect(namespace.run(['cat', '/tmp/volume/before/file'])).toBe('before\n');
  expect(() => namespace.shell('echo x >/tmp/volume/before/file')).toThrow();
  // A second one does not take the place of the first.
  const second = await host.ready(operation);
  expect(second.name).toBe('before-2');
  expect(await host.undo(operation, receipt)).toMatchObject({ status: 'done' });
  expect(namespace.run(['ls', '/tmp/volume'])).toBe('file\n');
  expect(namespace.run(['cat', '/tmp/volume/file'])).toBe('after\n');
  expect(await host.undo(operation, receipt)).toMatchObject({ status: 'done' });
});

test('what cannot be snapshotted is refused, with what is missing', async () => {
  if (operation.kind !== 'snapshot-volume') throw new Error('not planned');
  expect(await host.prepare({ ...operation, name: '../x' })).toMatchObject({ refusal: { code: 'invalid' } });
  const volume = { ...operation.volume, source: '/dev/other' };
  expect(await host.prepare({ ...operation, volume })).toMatchObject({ refusal: { code: 'stale' } });
});

const mount = (fileSystem: string, source: string, root = '/'): MountRef => ({
  ...{ point: '/', device: '253:0', fileSystem, source, root },
});
const dm =
  (name: string, uuid = 'LVM-x') =>
  (path: string) =>
    path.endsWith('/uuid') ? `${uuid}\n` : `${name}\n`;

test.each([
  ['a logical volume', mount('ext4', '/dev/mapper/vg-root'), dm('vg-root'), 'vg/root'],
  ['one with hyphens in its names', mount('xfs', '/dev/dm-0'), dm('my--vg-root--lv'), 'my-vg/root-lv'],
  ['a dataset of ZFS', mount('zfs', 'rpool/ROOT/debian'), () => '', 'rpool/ROOT/debian'],
])('%s is told by /proc and /sys', (_what, one, read, source) => {
  expect(volumeOf(one, read)).toMatchObject({ source });
});

test.each([
  ['an encrypted partition', mount('ext4', '/dev/mapper/luks'), dm('luks', 'CRYPT-LUKS2-x')],
  ['a plain partition', mount('ext4', '/dev/vda1'), () => ''],
  [
    'a part of a logical volume, bound elsewhere',
    mount('ext4', '/dev/mapper/vg-root', '/srv'),
    dm('vg-root'),
  ],
  ['a volume below a volume', mount('ext4', '/dev/mapper/x'), dm('vg-root-real')],
])('%s cannot be snapshotted', (_what, one, read) => {
  expect(volumeOf(one, read)).toBeNull();
});
