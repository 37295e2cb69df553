import { readFileSync } from 'node:fs';
import type { MountRef, VolumeRef } from '../operations/identity.ts';
import { readMounts } from './mount-table.ts';

/** Mounts whose file system or volume manager can take a snapshot, by /proc and /sys alone. Empty if that cannot be read. */
export function readVolumes(): VolumeRef[] {
  try {
    return readMounts().flatMap((mount) => {
      const volume = volumeOf(mount);
      return volume === null ? [] : [volume];
    });
  } catch {
    return [];
  }
}

/** The volume behind a mount; null if it cannot be snapshotted. */
export function volumeOf(mount: MountRef, readText = readOrEmpty): VolumeRef | null {
  const { point: mountPoint, fileSystem, source, device } = mount;
  if (fileSystem === 'btrfs') return { type: 'btrfs', mountPoint, source };
  if (fileSystem === 'zfs') return { type: 'zfs', mountPoint, source };
  // A bind mount of a part of it is not where the volume is mounted.
  if (mount.root !== '/') return null;
  // The device mapper's name and owner (kernel, ABI/testing/sysfs-block-dm). LVM joins group and volume with a
  // hyphen and doubles those within (lvm(8), VALID NAMES).
  const folder = `/sys/dev/block/${device}/dm`;
  if (!readText(`${folder}/uuid`).startsWith('LVM-')) return null;
  const [group, volume, ...more] = readText(`${folder}/name`)
    .trim()
    .split(/(?<!-)-(?!-)/)
    .map((part) => part.replaceAll('--', '-'));
  if (!group || !volume || more.length > 0) return null;
  return { type: 'lvm', mountPoint, source: `${group}/${volume}` };
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
