import { z } from 'zod';
import { findTool } from '../tool-lookup.ts';
import { readVolumes } from '../volumes.ts';
import { done, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';
import { SNAPSHOT_WAYS } from './volume-snapshots.ts';

/** The name that was free. */
const fields = z.looseObject({ name: z.string() });

/** Has the volume's own file system or manager keep how it is now, on the same disk. Undo removes that again. */
export const snapshotVolume: OperationPerformer<'snapshot-volume'> = {
  async prepare({ volume, name }) {
    if (!/^[a-z0-9][a-z0-9-]{0,60}$/.test(name))
      return refused(
        'invalid',
        `“${name}” is no name for a snapshot: small letters, digits and hyphens are.`,
      );
    const ways = SNAPSHOT_WAYS[volume.type];
    const now = readVolumes()
      .filter(({ mountPoint }) => mountPoint === volume.mountPoint)
      .at(-1);
    if (now?.type !== volume.type || now.source !== volume.source)
      return refused(
        'stale',
        `${volume.mountPoint} is not the ${volume.type} volume ${volume.source} any more. Look again and plan anew.`,
      );
    if ((await findTool(ways.tool)) === null)
      return refused(
        'unavailable',
        `${ways.tool} is not on this host. Install ${ways.packageName}, then try again.`,
      );
    const problem = await ways.check(volume);
    if (problem !== null)
      return refused('unavailable', `No snapshot of ${volume.mountPoint} can be taken: ${problem}.`);
    for (let number = 1; ; number += 1) {
      const free = number === 1 ? name : `${name}-${number}`;
      const isTaken = await ways.exists(volume, free);
      if (typeof isTaken === 'string')
        return refused('unavailable', `The snapshots of ${volume.mountPoint} cannot be listed: ${isTaken}.`);
      if (!isTaken) return ready({ kind: 'snapshot-volume', name: free });
    }
  },

  async perform({ volume }, receipt) {
    const { name } = readReceipt('snapshot-volume', fields, receipt);
    const ways = SNAPSHOT_WAYS[volume.type];
    const problem = await ways.take(volume, name);
    return problem === null
      ? done(
          receipt,
          `${volume.mountPoint} is kept as it is now in ${ways.place(volume, name)}, on the same disk.`,
        )
      : failed(receipt, `No snapshot of ${volume.mountPoint} was taken: ${problem}.`);
  },

  async verify({ volume }, receipt) {
    const { name } = readReceipt('snapshot-volume', fields, receipt);
    const ways = SNAPSHOT_WAYS[volume.type];
    const place = ways.place(volume, name);
    const is = await ways.exists(volume, name);
    if (typeof is === 'string') return verified('unknown', `The snapshots cannot be listed: ${is}.`);
    return is ? verified('holds', `${place} is there.`) : verified('does-not-hold', `There is no ${place}.`);
  },

  async undo({ volume }, receipt) {
    const { name } = readReceipt('snapshot-volume', fields, receipt);
    const ways = SNAPSHOT_WAYS[volume.type];
    const place = ways.place(volume, name);
    if ((await ways.exists(volume, name)) === false) return done(receipt, `There is no ${place} any more.`);
    const problem = await ways.remove(volume, name);
    return problem === null
      ? done(receipt, `${place} is removed.`)
      : failed(receipt, `${place} is still there: ${problem}.`);
  },
};
