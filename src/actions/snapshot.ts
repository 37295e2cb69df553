import { z } from 'zod';
import { isOdd } from '../findings/finding.ts';
import type { VolumeRef } from '../operations/identity.ts';
import { pathParameter } from '../playbook/parameter-types.ts';
import { type Action, isMalicious, type PlannedOperation, parametersOf } from './action.ts';
import { RUNNING } from './scopes.ts';

const parameters = z.strictObject({
  paths: z
    .array(pathParameter())
    .default(['/etc', '/var/spool/cron', '/root/.ssh'])
    .describe('folders and files to keep a copy of'),
  volumes: z
    .array(pathParameter())
    .default(['/'])
    .describe('mounted volumes to take a snapshot of, where LVM, btrfs or ZFS can'),
  'max-megabytes': z.number().int().positive().default(2048).describe('refuse to keep more than this'),
});

/** Evidence before anything is touched: the suspects out of memory, and the places they start from. */
export const snapshot: Action = {
  name: 'snapshot',
  summary: 'keep a copy of the suspects as they run and of the files they came from',
  parameters,
  scopes: [...RUNNING, 'authorized-keys'],
  isRemedy: false,
  concerns: isOdd,
  isChosenAtFirst: isMalicious,
  plan(input) {
    const { paths, volumes, 'max-megabytes': megabytes } = parametersOf(parameters, input);
    // Before anything is read, which may change times, or written.
    const operations: PlannedOperation[] = snapshots(volumes, input.facts.volumes ?? []);
    const isSnapshotted = operations.length > 0;
    const files = new Set<string>(paths);
    for (const { subject, id } of input.chosen) {
      if (subject.kind === 'process') {
        operations.push({ target: { kind: 'collect-process', process: subject.process }, because: [id] });
      } else if ('file' in subject) {
        if (!paths.some((path) => isBelow(subject.file.path, path))) files.add(subject.file.path);
      }
    }
    operations.push({
      target: { kind: 'archive-files', paths: [...files], name: 'files', maxBytes: megabytes * 1024 * 1024 },
      because: [],
    });
    return {
      operations,
      checkedAfter: 'every file kept is read again and its hash compared',
      remarks: [
        isSnapshotted
          ? 'The snapshot lies on the same disk, where root can remove it: take one in your cloud console as well, before you change anything.'
          : 'This copies files and running programs. It is no disk snapshot: take one of those in your cloud console as well, before you change anything.',
      ],
    };
  },
};

function snapshots(wanted: readonly string[], known: readonly VolumeRef[]): PlannedOperation[] {
  return wanted.flatMap((path): PlannedOperation[] => {
    // The last mount on a place is the one that is seen there.
    const volume = known.findLast(({ mountPoint }) => mountPoint === path);
    return volume === undefined
      ? []
      : [{ target: { kind: 'snapshot-volume', volume, name: 'tourniquet' }, because: [] }];
  });
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
