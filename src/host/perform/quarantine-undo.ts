import { unlinkSync } from 'node:fs';
import type { OperationOf } from '../../operations/operation.ts';
import type { OperationOutcome, Receipt } from '../../operations/receipt.ts';
import { lstatIn, type OpenFolder, openParent, WalkError } from '../safe-path.ts';
import { withFolderOpened } from './file-change.ts';
import { settleRestored } from './file-restored.ts';
import { folderMtimeNs } from './file-target.ts';
import { type FileNow, isSameContent, lookAt, whatChanged } from './opened-file.ts';
import { done, errorCode, failed } from './outcome.ts';
import { fsyncFolder } from './private-folder.ts';
import { moveWithoutReplacing, openExistingQuarantine, tidyQuarantine } from './quarantine-place.ts';
import type { QuarantineReceipt } from './quarantine-receipt.ts';
import { reloadAfter } from './reload.ts';

/** Puts a file from quarantine back, bit for bit, and checks that it is. Never over something that stands there. */
export async function putBack(
  operation: OperationOf<'quarantine-file'>,
  receipt: Receipt,
  fields: QuarantineReceipt,
): Promise<OperationOutcome> {
  const { path } = operation.file;
  try {
    const { folder, name } = openParent(path);
    try {
      const outcome = await moveBack(path, receipt, fields, folder, name);
      return outcome.status === 'done' ? withReload(outcome, operation) : outcome;
    } finally {
      folder.close();
    }
  } catch (error) {
    if (error instanceof WalkError)
      return failed(receipt, `${error.message} Make its folder again as it was, then undo once more.`);
    return failed(
      receipt,
      `${path} could not be put back (${errorCode(error)}). It is still at ${fields.quarantineFolder}/${fields.quarantineName}.`,
    );
  }
}

async function withReload(
  outcome: OperationOutcome,
  { reload }: OperationOf<'quarantine-file'>,
): Promise<OperationOutcome> {
  return { ...outcome, message: outcome.message.replace(/\.$/, `${await reloadAfter(reload)}.`) };
}

async function moveBack(
  path: string,
  receipt: Receipt,
  fields: QuarantineReceipt,
  folder: OpenFolder,
  name: Buffer,
): Promise<OperationOutcome> {
  const place = `${fields.quarantineFolder}/${fields.quarantineName}`;
  const quarantine = openExistingQuarantine(fields.quarantineFolder);
  const kept = quarantine === null ? null : await lookAt(quarantine, fields.quarantineName);
  try {
    if (quarantine === null || kept === null) return await withoutKept(path, receipt, fields, folder, name);
    if (typeof kept === 'string' || !isSameContent(fields.file, kept)) {
      const what =
        typeof kept === 'string'
          ? 'it is no whole file'
          : whatChanged({ ...fields.file, device: kept.device, inode: kept.inode }, kept);
      return failed(
        receipt,
        `${place} is not what was put there; ${what}. It is not put back. The evidence has the bytes: ${fields.evidenceName}.`,
      );
    }
    const parentNowNs = folderMtimeNs(folder);
    const taken = await withFolderOpened(folder, fields.before.parentFlags, async () =>
      placeAgain(folder, name, quarantine, fields.quarantineName, kept),
    );
    if (taken)
      return failed(
        receipt,
        `Something else stands at ${path} now, and it is not overwritten. Look at it, move it away, then undo once more. The original is at ${place}.`,
      );
    fsyncFolder(folder.child('.'));
    fsyncFolder(quarantine.child('.'));
    return await settle(receipt, fields, folder, name, parentNowNs);
  } finally {
    quarantine?.close();
    await tidyQuarantine(fields.quarantineFolder).catch(() => undefined);
  }
}

/** True if the name is taken by something else. */
function placeAgain(
  folder: OpenFolder,
  name: Buffer,
  quarantine: OpenFolder,
  keptName: string,
  kept: FileNow,
): boolean {
  const standing = lstatIn(folder, name);
  if (standing !== null) {
    // An undo that was cut off between its two halves left both names on the same inode.
    if (standing.ino.toString() !== kept.inode || standing.dev.toString() !== kept.device) return true;
    unlinkSync(quarantine.child(keptName));
    return false;
  }
  try {
    moveWithoutReplacing(quarantine, keptName, folder, name);
    return false;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return true;
    throw error;
  }
}

async function withoutKept(
  path: string,
  receipt: Receipt,
  fields: QuarantineReceipt,
  folder: OpenFolder,
  name: Buffer,
): Promise<OperationOutcome> {
  const standing = await lookAt(folder, name);
  if (standing !== null && typeof standing === 'object' && isSameContent(fields.file, standing)) {
    return settle(receipt, fields, folder, name, folderMtimeNs(folder));
  }
  return failed(
    receipt,
    `${path} is not in quarantine any more (${fields.quarantineFolder}/${fields.quarantineName}). Its bytes are in the evidence: ${fields.evidenceName}.`,
  );
}

async function settle(
  receipt: Receipt,
  fields: QuarantineReceipt,
  folder: OpenFolder,
  name: Buffer,
  parentNowNs: string,
): Promise<OperationOutcome> {
  const differences = await settleRestored(fields, folder, name, parentNowNs);
  const { path } = fields.file;
  if (differences.length > 0) return failed(receipt, `${path} was put back, but ${differences.join('; ')}.`);
  return done(receipt, `${path} is back as it was.`);
}
