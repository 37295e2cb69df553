import { readFileSync } from 'node:fs';
import type { MountRef, VolumeRef } from '../operations/identity.ts';
import { readMounts } from './mount-table.ts';
import { runTool } from './run-tool.ts';
import { findTool } from './tool-lookup.ts';

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

const TOOLS: Readonly<Record<VolumeRef['type'], string>> = { btrfs: 'btrfs', lvm: 'lvcreate', zfs: 'zfs' };

/** Those of which a snapshot can be taken now: the tool is there, and the volume group has the room. */
export async function usableVolumes(): Promise<VolumeRef[]> {
  const usable: VolumeRef[] = [];
  for (const volume of readVolumes()) {
    if ((await findTool(TOOLS[volume.type])) === null) continue;
    if (volume.type !== 'lvm' || (await hasRoom(volume.source))) usable.push(volume);
  }
  return usable;
}

/** A thin volume's snapshot takes no room of its own; another gets a tenth of its size (lvs(8), fields). */
async function hasRoom(source: string): Promise<boolean> {
  const fields = [
    'lvs',
    '--noheadings',
    '--nosuffix',
    '--units',
    'b',
    '-o',
    'lv_attr,lv_size,vg_free',
    source,
  ];
  const asked = await runTool(fields, { timeoutMs: 10_000 });
  const [attributes = '', size = '', free = ''] = asked.stdout.toString('utf8').trim().split(/\s+/);
  return asked.exitCode === 0 && (attributes.startsWith('V') || Number(free) >= Number(size) / 10);
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
