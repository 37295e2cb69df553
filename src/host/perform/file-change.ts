import { z } from 'zod';
import type { FileIdentity } from '../../operations/identity.ts';
import { HostError } from '../host-error.ts';
import { lstatIn, type OpenFolder } from '../safe-path.ts';
import { changeFlags, readFlags } from './file-flags.ts';
import { folderMtimeNs, inodeOf } from './file-target.ts';
import { setMtime } from './file-times.ts';
import { dropFlagNote, writeFlagNote } from './flag-notes.ts';

/** A FileIdentity in a receipt. */
export const plannedFile = z.object({
  path: z.string(),
  kind: z.enum(['file', 'symlink']),
  device: z.string(),
  inode: z.string(),
  sizeBytes: z.number(),
  mode: z.number(),
  uid: z.number(),
  gid: z.number(),
  mtimeNs: z.string(),
  sha256: z.string(),
});

/** A FileBefore in a receipt. */
export const fileBefore = z.object({
  ctimeNs: z.string(),
  flags: z.string().nullable(),
  xattrs: z.string().nullable(),
  parentFlags: z.string().nullable(),
  parentMtimeNs: z.string(),
});

/** Does something in a folder whose immutable or append-only flag is in the way, and puts the flag back whatever comes. */
export async function withFolderFlagsOff<T>(
  folder: OpenFolder,
  flags: string | null,
  hostFolder: string,
  act: () => Promise<T>,
): Promise<T> {
  const inode = inodeOf(folder);
  writeFlagNote(hostFolder, inode, flags);
  const problem = await changeFlags(folder, '.', '-', flags);
  if (problem !== null) throw new HostError(problem);
  try {
    return await act();
  } finally {
    if ((await changeFlags(folder, '.', '+', flags)) === null) dropFlagNote(hostFolder, inode);
  }
}

/** The same for undo: with the flags the folder has now, and those of before added if a cut-off left them off. */
export async function withFolderOpened<T>(
  folder: OpenFolder,
  before: string | null,
  act: () => Promise<T>,
): Promise<T> {
  const now = await readFlags(folder, '.');
  const problem = await changeFlags(folder, '.', '-', now);
  if (problem !== null) throw new HostError(problem);
  try {
    return await act();
  } finally {
    await changeFlags(folder, '.', '+', [...new Set([...(now ?? ''), ...(before ?? '')])].join(''));
  }
}

/**
 * Gives the folder its earlier time back, if nothing but our own change has moved it since.
 * `afterNs` null: a cut-off left no word of it, then it is assumed.
 */
export async function restoreFolderMtime(
  folder: OpenFolder,
  nowNs: string,
  afterNs: string | null,
  beforeNs: string,
): Promise<void> {
  if (afterNs !== null && afterNs !== nowNs) return;
  if (folderMtimeNs(folder) !== beforeNs) await setMtime(folder, '.', beforeNs);
}

/** By ctime, which every change to a file moves and nobody can set: what was hashed before is what stands there. */
export function changedSince(
  folder: OpenFolder,
  name: Buffer,
  fields: { file: FileIdentity; before: { ctimeNs: string } },
): string | null {
  const stats = lstatIn(folder, name);
  if (stats === null) return 'is not there any more';
  const isSame = stats.dev.toString() === fields.file.device && stats.ino.toString() === fields.file.inode;
  if (!isSame) return 'was replaced by another file since it was looked at';
  return stats.ctimeNs.toString() === fields.before.ctimeNs ? null : 'was changed since it was looked at';
}
