import { createHash } from 'node:crypto';
import { lstatIn, openParent, WalkError } from '../safe-path.ts';
import { replaceContents } from './edit-change.ts';
import { type EditReceipt, editFields } from './edit-receipt.ts';
import { restoreOriginal } from './edit-undo.ts';
import { openTarget } from './file-target.ts';
import { type FileNow, lookAt } from './opened-file.ts';
import { count, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { operationFolder } from './private-folder.ts';
import { responderKeyLine } from './protected-targets.ts';
import { chooseQuarantine, freeNameIn, openExistingQuarantine } from './quarantine-place.ts';
import { readReceipt } from './receipt-fields.ts';
import { countLines, removeLines } from './remove-lines.ts';

/** Crontabs, profiles and key lists are small; what is bigger is not edited by line. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Removes exact lines by putting a new file in the place of the old one in one rename. The old inode is kept
 * in quarantine under a second name; undo renames it back over the new one.
 */
export const editFile: OperationPerformer<'edit-file'> = {
  async prepare(operation, context) {
    const { file } = operation;
    if (file.kind === 'symlink')
      return refused('invalid', `${file.path} is a symlink. Edit the file that it points to instead.`);
    if (file.sizeBytes > MOST_BYTES)
      return refused(
        'invalid',
        `${file.path} has ${file.sizeBytes} bytes, which is more than lines are removed from. Edit it by hand.`,
      );
    if (operation.removeLines.length === 0)
      return refused('invalid', `No line of ${file.path} was named to be removed.`);
    const key = responderKeyLine(
      operation.removeLines.map((line) => line.text),
      context,
    );
    if (key !== null)
      return refused(
        'responder',
        `One of the lines of ${file.path} is the key you logged in with. Take it out of the plan.`,
      );
    const opened = await openTarget(file, context, true);
    if (opened.status === 'refused') return opened;
    const { folder, now, evidence, before } = opened.target;
    try {
      const bytes = now.bytes ?? new Uint8Array();
      const removed = removeLines(bytes, operation.removeLines);
      if (removed.status === 'stale')
        return refused(
          'stale',
          `${file.path} is not what was planned against: ${removed.what}. Scan again and plan anew.`,
        );
      const quarantineFolder = chooseQuarantine(folder, context.hostFolder, context.incidentId);
      const fields: EditReceipt = {
        file,
        before,
        newSha256: sha256(removed.bytes),
        remaining: operation.removeLines.map((line) => countLines(removed.bytes, line.text)),
        quarantineFolder,
        quarantineName: freeNameIn(quarantineFolder, operation.id),
        copyPath: operationFolder(context.hostFolder, 'originals', operation.id),
        evidenceName: evidence.name,
        parentMtimeAfterNs: null,
      };
      return ready({ kind: 'edit-file', ...fields }, [evidence]);
    } catch (error) {
      return refused(
        'unavailable',
        `The original of ${file.path} could not be kept: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      folder.close();
    }
  },

  async perform(operation, receipt, context) {
    const fields = readReceipt('edit-file', editFields, receipt);
    const { path } = operation.file;
    try {
      const { folder, name } = openParent(path);
      try {
        return await replaceContents(operation, receipt, fields, folder, name, context);
      } finally {
        folder.close();
      }
    } catch (error) {
      if (error instanceof WalkError) return failed(receipt, `${error.message} Nothing was changed.`);
      return failed(receipt, `${path} was not edited (${errorCode(error)}).`);
    }
  },

  async verify(operation, receipt) {
    const fields = readReceipt('edit-file', editFields, receipt);
    const { path } = operation.file;
    const now = await lookAtPath(path);
    if (typeof now === 'string') return verified('unknown', now);
    if (now.sha256 === fields.newSha256)
      return verified('holds', `The lines are gone from ${path}, and the rest is as it was.`);
    const bytes = now.bytes ?? new Uint8Array();
    const back = operation.removeLines.filter(
      (line, index) => countLines(bytes, line.text) > (fields.remaining[index] ?? 0),
    );
    if (back.length > 0) {
      const when = now.sha256 === fields.file.sha256 ? 'still' : 'again';
      return verified(
        'does-not-hold',
        `${path} ${when} has ${back.length} of ${count(operation.removeLines.length, 'removed line')}.`,
      );
    }
    if (isKept(fields))
      return verified('holds', `The lines are gone from ${path}; something else has changed it since.`);
    return verified('unknown', `${path} was changed by something else; the lines are not in it.`);
  },

  async undo(operation, receipt) {
    return restoreOriginal(operation, receipt, readReceipt('edit-file', editFields, receipt));
  },
};

async function lookAtPath(path: string): Promise<FileNow | string> {
  try {
    const { folder, name } = openParent(path);
    try {
      const now = await lookAt(folder, name, { keepBytes: true });
      if (now === null) return `${path} is not there any more.`;
      if (now === 'changing') return `${path} is being written to just now.`;
      return now === 'not-a-file' || now.kind === 'symlink' ? `${path} is no ordinary file any more.` : now;
    } finally {
      folder.close();
    }
  } catch (error) {
    return error instanceof WalkError ? error.message : `${path} could not be read (${errorCode(error)}).`;
  }
}

function isKept(fields: EditReceipt): boolean {
  const quarantine = openExistingQuarantine(fields.quarantineFolder);
  if (quarantine === null) return false;
  try {
    return lstatIn(quarantine, fields.quarantineName) !== null;
  } finally {
    quarantine.close();
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
