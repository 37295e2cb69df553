import { describe, expect, test } from 'vitest';
import { chooseLayers, type Mount, readMounts } from '../../src/drill/layers.ts';

const isFolder = (path: string) => !path.endsWith('.conf');
const mount = (path: string, type: string, source: string): Mount => ({ path, type, source });

describe('the layers of a sandbox', () => {
  test('mount points with blanks are read as they are', () => {
    const text =
      '36 35 98:0 / /mnt/a\\040b\\134c rw,noatime master:1 - ext4 /dev/sdb1 rw\n37 35 0:5 / /x rw - tmpfs none rw\n';
    expect(readMounts(text)).toEqual([
      mount('/mnt/a b\\c', 'ext4', '/dev/sdb1'),
      mount('/x', 'tmpfs', 'none'),
    ]);
  });

  test('every file system that holds files has an overlay, once; what is fresh inside, engines and snaps have none', () => {
    const mounts = [
      mount('/', 'ext4', '/dev/sda1'),
      mount('/proc', 'proc', 'proc'),
      mount('/run', 'tmpfs', 'tmpfs'),
      mount('/tmp', 'ext4', '/dev/sda5'),
      mount('/home', 'xfs', '/dev/sda2'),
      mount('/home', 'xfs', '/dev/sda3'),
      mount('/boot/efi', 'vfat', '/dev/sda4'),
      mount('/srv', 'zfs', 'tank/srv'),
      mount('/net', 'nfs4', 'files:/x'),
      mount('/snap/core/1', 'squashfs', '/dev/loop1'),
      mount('/var/lib/docker/overlay2/x/merged', 'overlay', 'overlay'),
      mount('/etc/resolv.conf', 'ext4', '/dev/sda1'),
      mount('/mnt/a:b', 'ext4', '/dev/sdc1'),
    ];
    expect(chooseLayers(mounts, 'root', [], isFolder)).toEqual([
      { kind: 'overlay', path: '/home' },
      { kind: 'overlay', path: '/srv' },
      { kind: 'copy', path: '/etc/resolv.conf' },
    ]);
    expect(chooseLayers(mounts, 'user', [], isFolder)).toEqual([]);
  });

  test('what runs the agent is bound where no layer shows it, and only there', () => {
    const mounts = [
      mount('/', 'ext4', '/dev/sda1'),
      mount('/home', 'xfs', '/dev/sda2'),
      mount('/net', 'nfs4', 'files:/x'),
    ];
    const needed = [
      '/opt/node/bin',
      '/home/me/node/bin',
      '/net/tools',
      '/tmp/checkout',
      '/net/tools',
      '/tmpfoo',
    ];
    expect(chooseLayers(mounts, 'root', needed, isFolder).filter((layer) => layer.kind === 'bind')).toEqual([
      { kind: 'bind', path: '/net/tools' },
      { kind: 'bind', path: '/tmp/checkout' },
    ]);
  });
});
