import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { VolumeRef } from '../../operations/identity.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import { runTool } from '../run-tool.ts';

/** How one kind of volume is snapshotted. Each returns null, or what went wrong. */
export interface SnapshotWays {
  readonly tool: string;
  readonly packageName: string;
  /** Why no snapshot can be taken, beside the tool; null if it can. */
  check(volume: VolumeRef): Promise<string | null>;
  exists(volume: VolumeRef, name: string): Promise<boolean | string>;
  take(volume: VolumeRef, name: string): Promise<string | null>;
  remove(volume: VolumeRef, name: string): Promise<string | null>;
  /** Where it is, in words. */
  place(volume: VolumeRef, name: string): string;
}

const MOST_MS = 120_000;

async function run(argv: readonly string[]): Promise<string | null> {
  const result = await runTool(argv, { timeoutMs: MOST_MS });
  return result.exitCode === 0 ? null : toolFailure(argv.slice(0, 2).join(' '), result);
}

/** The first word of each line of its output; a string: what went wrong. */
async function list(argv: readonly string[]): Promise<readonly string[] | string> {
  const result = await runTool(argv, { timeoutMs: MOST_MS });
  if (result.exitCode !== 0) return toolFailure(argv.slice(0, 2).join(' '), result);
  return result.stdout
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** A read-only snapshot of the subvolume that is mounted, beside its own top level (btrfs-subvolume(8)). */
const btrfs: SnapshotWays = {
  tool: 'btrfs',
  packageName: 'btrfs-progs',
  async check({ mountPoint }) {
    // The top of every subvolume has this inode number (btrfs(5)).
    return lstatSync(mountPoint).ino === 256 ? null : `${mountPoint} is no subvolume, only a part of one`;
  },
  async exists({ mountPoint }, name) {
    return lstatSync(join(mountPoint, name), { throwIfNoEntry: false })?.ino === 256;
  },
  take: ({ mountPoint }, name) =>
    run(['btrfs', 'subvolume', 'snapshot', '-r', mountPoint, join(mountPoint, name)]),
  remove: ({ mountPoint }, name) =>
    run(['btrfs', 'subvolume', 'delete', '--commit-after', join(mountPoint, name)]),
  place: ({ mountPoint }, name) => join(mountPoint, name),
};

/** Thin volumes need no room of their own; others get a tenth of the volume for what changes (lvcreate(8)). */
const lvm: SnapshotWays = {
  tool: 'lvcreate',
  packageName: 'lvm2',
  async check({ source }) {
    const known = await list(['lvs', '--noheadings', '-o', 'lv_attr', source]);
    return typeof known === 'string' ? known : null;
  },
  async exists({ source }, name) {
    const names = await list(['lvs', '--noheadings', '-o', 'lv_name', groupOf(source)]);
    return typeof names === 'string' ? names : names.includes(name);
  },
  async take({ source }, name) {
    const attributes = await list(['lvs', '--noheadings', '-o', 'lv_attr', source]);
    const isThin = typeof attributes !== 'string' && attributes[0]?.startsWith('V') === true;
    return run([
      'lvcreate',
      '--snapshot',
      ...(isThin ? [] : ['--extents', '10%ORIGIN']),
      '--name',
      name,
      source,
    ]);
  },
  remove: ({ source }, name) => run(['lvremove', '--yes', `${groupOf(source)}/${name}`]),
  place: ({ source }, name) => `${groupOf(source)}/${name}`,
};

const zfs: SnapshotWays = {
  tool: 'zfs',
  packageName: 'zfsutils-linux',
  async check({ source }) {
    return run(['zfs', 'list', '-H', '-o', 'name', source]);
  },
  async exists({ source }, name) {
    const names = await list(['zfs', 'list', '-H', '-d', '1', '-t', 'snapshot', '-o', 'name', source]);
    return typeof names === 'string' ? names : names.includes(`${source}@${name}`);
  },
  take: ({ source }, name) => run(['zfs', 'snapshot', `${source}@${name}`]),
  remove: ({ source }, name) => run(['zfs', 'destroy', `${source}@${name}`]),
  place: ({ source }, name) => `${source}@${name}`,
};

function groupOf(source: string): string {
  return source.split('/')[0] ?? source;
}

export const SNAPSHOT_WAYS: Readonly<Record<VolumeRef['type'], SnapshotWays>> = { btrfs, lvm, zfs };
