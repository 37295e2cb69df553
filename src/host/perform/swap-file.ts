import { linkSync, renameSync, rmSync, statfsSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { lstatIn, type OpenFolder } from '../safe-path.ts';
import type { EditReceipt } from './edit-receipt.ts';
import { withFolderFlagsOff } from './file-change.ts';
import { changeFlags, flagWords } from './file-flags.ts';
import { folderMtimeNs } from './file-target.ts';
import { setMtime } from './file-times.ts';
import { dropFlagNote, writeFlagNote } from './flag-notes.ts';
import { type FileNow, isSameContent, lookAt } from './opened-file.ts';
import { count, errorCode } from './outcome.ts';
import type { PerformContext } from './performer.ts';
import { ensurePrivateFolder, fsyncFolder, writeFileDurably } from './private-folder.ts';
import { openQuarantine } from './quarantine-place.ts';
import { copyAttributes, writeLikeOriginal } from './twin-file.ts';

/** What must be known of a file to put another in its place and to take that back. */
export type SwapFields = Omit<EditReceipt, 'remaining' | 'arrived'>;

export interface Swap {
  /** Completes "/path …"; null if it was done. */
  readonly problem: string | null;
  readonly note: string;
  readonly parentMtimeAfterNs: string | null;
}

/**
 * Puts a new file in the place of another. Order matters: the original has a second name in quarantine before the new
 * file takes its place, so that a cut-off at any point leaves either the old file or the new one standing, and the
 * old one kept. `isLike`: the new one gets the ACL and extended attributes of the old one.
 */
export async function swapFile(
  fields: SwapFields,
  folder: OpenFolder,
  name: Buffer,
  file: {
    readonly original: FileNow;
    readonly bytes: Uint8Array;
    readonly looks: { readonly uid: number; readonly gid: number; readonly mode: number };
    readonly isLike: boolean;
    /** Its modification time; left out: now. Set before it stands where others can put something over it. */
    readonly mtimeNs?: string;
  },
  context: PerformContext,
): Promise<Swap> {
  const { original } = file;
  const stays = (problem: string): Swap => ({ problem, note: '', parentMtimeAfterNs: null });
  ensurePrivateFolder(dirname(fields.copyPath));
  if (original.bytes !== null) writeFileDurably(fields.copyPath, original.bytes);
  const quarantine = await openQuarantine(fields.quarantineFolder);
  const twin = `${fields.quarantineName}.new`;
  try {
    rmSync(quarantine.child(twin), { force: true });
    writeLikeOriginal(quarantine, twin, file.bytes, file.looks);
    if (file.mtimeNs !== undefined) await setMtime(quarantine, twin, file.mtimeNs);
    writeFlagNote(context.hostFolder, fields.file, fields.before.flags);
    const unflagged = await changeFlags(folder, name, '-', fields.before.flags);
    if (unflagged !== null) return stays(`is ${flagWords(fields.before.flags)} and stays: ${unflagged}`);
    const result = await withFolderFlagsOff(folder, fields.before.parentFlags, context.hostFolder, () =>
      exchange(fields, folder, name, quarantine, twin, file.isLike),
    ).catch(
      (error: unknown): Exchange => ({ problem: `could not be replaced (${errorCode(error)})`, note: '' }),
    );
    if (result.problem !== null) {
      if ((await changeFlags(folder, name, '+', fields.before.flags)) === null)
        dropFlagNote(context.hostFolder, fields.file);
      return stays(result.problem);
    }
    dropFlagNote(context.hostFolder, fields.file);
    fsyncFolder(folder.child('.'));
    fsyncFolder(quarantine.child('.'));
    const flags = fields.before.flags
      ? `; it was ${flagWords(fields.before.flags)}, which undo sets again`
      : '';
    const links =
      original.links > 1
        ? `; ${count(original.links - 1, 'other name')} of the file (hard links) as it was`
        : '';
    return {
      problem: null,
      note: `${flags}${links}${result.note}`,
      parentMtimeAfterNs: folderMtimeNs(folder),
    };
  } finally {
    rmSync(quarantine.child(twin), { force: true });
    quarantine.close();
  }
}

interface Exchange {
  readonly problem: string | null;
  readonly note: string;
}

async function exchange(
  fields: SwapFields,
  folder: OpenFolder,
  name: Buffer,
  quarantine: OpenFolder,
  twin: string,
  isLike: boolean,
): Promise<Exchange> {
  const kept = fields.quarantineName;
  const hasLink = keepOriginal(folder, name, quarantine, kept);
  if (hasLink === null) return { problem: REPLACED, note: '' };
  try {
    return await exchangeKept(fields, folder, name, quarantine, twin, hasLink, isLike);
  } catch (error) {
    // What stands there is not known to be ours then; if it is still the original, its second name is not needed.
    const [standing, second] = [lstatIn(folder, name), lstatIn(quarantine, kept)];
    if (standing !== null && standing.ino === second?.ino && standing.dev === second.dev)
      unlinkSync(quarantine.child(kept));
    throw error;
  }
}

async function exchangeKept(
  fields: SwapFields,
  folder: OpenFolder,
  name: Buffer,
  quarantine: OpenFolder,
  twin: string,
  hasLink: boolean,
  isLike: boolean,
): Promise<Exchange> {
  const kept = fields.quarantineName;
  const source = hasLink ? { folder: quarantine, name: kept } : { folder, name };
  const note = isLike ? await copyAttributes(source, quarantine, twin, fields.file) : '';
  const before = await lookAt(source.folder, source.name);
  const standing = lstatIn(folder, name);
  const isPlanned = before !== null && typeof before === 'object' && isSameContent(fields.file, before);
  if (
    !isPlanned ||
    standing === null ||
    standing.ino.toString() !== before.inode ||
    standing.dev.toString() !== before.device
  ) {
    if (hasLink) unlinkSync(quarantine.child(kept));
    return {
      problem: REPLACED,
      note,
    };
  }
  renameSync(quarantine.child(twin), folder.child(name));
  if (!hasLink) return { problem: null, note };
  // Whoever had the old file open may have written to it in the last moment: then that is the one that counts.
  const after = await lookAt(quarantine, kept);
  if (after !== null && typeof after === 'object' && isSameContent(fields.file, after))
    return { problem: null, note };
  renameSync(quarantine.child(kept), folder.child(name));
  return {
    problem:
      'was written to while it was edited; it was put back with what was written. Stop what writes to it, then plan anew',
    note,
  };
}

const REPLACED =
  'was changed or replaced while it was edited, and was left as it is. Something is writing to it: stop that first, then plan anew';
/** OVERLAYFS_SUPER_MAGIC (linux/magic.h). */
const OVERLAY = 0x794c7630;

/**
 * False where the file system has no hard links; then only the copies keep the original. null if something else was put in
 * its place in that moment.
 */
function keepOriginal(
  folder: OpenFolder,
  name: Buffer,
  quarantine: OpenFolder,
  kept: string,
): boolean | null {
  try {
    linkSync(folder.child(name), quarantine.child(kept));
    const [standing, second] = [lstatIn(folder, name), lstatIn(quarantine, kept)];
    if (standing?.ino === second?.ino && standing?.dev === second?.dev) return true;
    // On an overlay the two names of a file that came from a lower layer have different numbers (kernel,
    // filesystems/overlayfs.rst, "Inode properties"): it cannot be told that they are one, so the copy serves.
    unlinkSync(quarantine.child(kept));
    return statfsSync(folder.child('.')).type === OVERLAY ? false : null;
  } catch (error) {
    if (['EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'EMLINK'].includes(errorCode(error))) return false;
    throw error;
  }
}
