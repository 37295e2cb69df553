import { renameSync } from 'node:fs';
import type { FileIdentity } from '../../operations/identity.ts';
import type { OperationOf } from '../../operations/operation.ts';
import type { OperationOutcome, Receipt } from '../../operations/receipt.ts';
import { lstatIn, type OpenFolder } from '../safe-path.ts';
import { changedSince, withFolderFlagsOff } from './file-change.ts';
import { changeFlags, flagWords } from './file-flags.ts';
import { folderMtimeNs } from './file-target.ts';
import { dropFlagNote, writeFlagNote } from './flag-notes.ts';
import { isSameContent, lookAt, whatChanged } from './opened-file.ts';
import { count, done, errorCode, failed } from './outcome.ts';
import type { PerformContext } from './performer.ts';
import { fsyncFolder } from './private-folder.ts';
import { moveWithoutReplacing, openQuarantine } from './quarantine-place.ts';
import type { QuarantineReceipt } from './quarantine-receipt.ts';
import { reloadAfter } from './reload.ts';

/** The change of quarantine-file: flags off, rename, a look at what arrived. */
export async function moveAway(
  operation: OperationOf<'quarantine-file'>,
  receipt: Receipt,
  fields: QuarantineReceipt,
  folder: OpenFolder,
  name: Buffer,
  context: PerformContext,
): Promise<OperationOutcome> {
  const { path } = operation.file;
  const stale = changedSince(folder, name, fields);
  if (stale !== null)
    return failed(receipt, `${path} ${stale}. Nothing was moved. Scan again and plan anew.`);
  if (context.signal?.aborted) return failed(receipt, `Cancelled; ${path} was not moved.`);
  const quarantine = await openQuarantine(fields.quarantineFolder);
  try {
    if (lstatIn(quarantine, fields.quarantineName) !== null)
      return failed(
        receipt,
        `${fields.quarantineFolder}/${fields.quarantineName} is taken already; ${path} was not moved. Plan anew.`,
      );
    writeFlagNote(context.hostFolder, fields.file, fields.before.flags);
    const unflagged = await changeFlags(folder, name, '-', fields.before.flags);
    if (unflagged !== null)
      return failed(receipt, `${path} is ${flagWords(fields.before.flags)} and stays: ${unflagged}.`);
    const problem = await withFolderFlagsOff(
      folder,
      fields.before.parentFlags,
      context.hostFolder,
      async () => {
        renameSync(folder.child(name), quarantine.child(fields.quarantineName));
        return checkArrival(folder, name, quarantine, fields);
      },
    ).catch((error: unknown) => `could not be moved (${errorCode(error)})${hintFor(error)}`);
    if (problem !== null) {
      if ((await changeFlags(folder, name, '+', fields.before.flags)) === null)
        dropFlagNote(context.hostFolder, fields.file);
      return failed(receipt, `${path} ${problem}.`);
    }
    fsyncFolder(quarantine.child('.'));
    dropFlagNote(context.hostFolder, fields.file);
    fsyncFolder(folder.child('.'));
    const after: QuarantineReceipt = { ...fields, parentMtimeAfterNs: folderMtimeNs(folder) };
    return done(
      { kind: 'quarantine-file', ...after },
      `${path} is in quarantine${notes(operation.file, fields, quarantine)}${await reloadAfter(operation.reload)}.`,
    );
  } finally {
    quarantine.close();
  }
}

/** Between the check and the rename another file may have been put there. What was not planned goes back. */
async function checkArrival(
  folder: OpenFolder,
  name: Buffer,
  quarantine: OpenFolder,
  fields: QuarantineReceipt,
): Promise<string | null> {
  const arrived = await lookAt(quarantine, fields.quarantineName);
  const isPlanned = arrived !== null && typeof arrived === 'object' && isSameContent(fields.file, arrived);
  if (isPlanned) return null;
  const what =
    typeof arrived === 'object' && arrived !== null ? whatChanged(fields.file, arrived) : 'it is no file';
  try {
    if (arrived === 'not-a-file') renameSync(quarantine.child(fields.quarantineName), folder.child(name));
    else moveWithoutReplacing(quarantine, fields.quarantineName, folder, name);
  } catch (error) {
    return `was replaced in the very moment it was moved (${what}); what was moved instead could not be put back (${errorCode(error)}) and is at ${fields.quarantineFolder}/${fields.quarantineName}`;
  }
  return `was replaced in the very moment it was moved (${what}); it was put back untouched. Something is fighting back: stop it first, then plan anew`;
}

function notes(file: FileIdentity, fields: QuarantineReceipt, quarantine: OpenFolder): string {
  const links = Number(lstatIn(quarantine, fields.quarantineName)?.nlink ?? 1n);
  return [
    fields.before.flags ? `; it was ${flagWords(fields.before.flags)}, which undo sets again` : '',
    file.kind === 'file' && links > 1
      ? `; ${count(links - 1, 'other name')} of it (hard links) left in place`
      : '',
  ].join('');
}

function hintFor(error: unknown): string {
  const code = errorCode(error);
  if (code === 'EPERM')
    return ': it or its folder may be immutable, and lsattr and chattr (e2fsprogs) were not found to tell and to change that';
  if (code === 'EBUSY') return ': something is mounted on it; unmount that first';
  if (code === 'EROFS') return ': its file system is read-only';
  if (code === 'EXDEV')
    return ': its folder was moved to another file system since it was looked at; plan anew';
  return '';
}
