import { lstatIn, openParent, WalkError } from '../safe-path.ts';
import { openTarget } from './file-target.ts';
import { isSameContent, lookAt } from './opened-file.ts';
import { errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { responderKeyLine } from './protected-targets.ts';
import { moveAway } from './quarantine-move.ts';
import { chooseQuarantine, freeNameIn, openExistingQuarantine } from './quarantine-place.ts';
import { type QuarantineReceipt, quarantineFields } from './quarantine-receipt.ts';
import { putBack } from './quarantine-undo.ts';
import { readReceipt } from './receipt-fields.ts';

/** A key list with more than this is not read for the responder's key. */
const MOST_KEY_BYTES = 1024 * 1024;

/** Moves a file, whole, to where nobody runs it. Undo moves the same inode back. */
export const quarantineFile: OperationPerformer<'quarantine-file'> = {
  async prepare(operation, context) {
    const { file } = operation;
    const opened = await openTarget(file, context, file.sizeBytes <= MOST_KEY_BYTES);
    if (opened.status === 'refused') return opened;
    const { folder, now, evidence, before } = opened.target;
    try {
      const lines = now.bytes === null ? [] : Buffer.from(now.bytes).toString('latin1').split('\n');
      if (responderKeyLine(lines, context) !== null)
        return refused(
          'responder',
          `${file.path} holds the key you logged in with. Remove the other lines of it instead.`,
        );
      const quarantineFolder = chooseQuarantine(folder, context.hostFolder, context.incidentId);
      const fields: QuarantineReceipt = {
        file,
        before,
        quarantineFolder,
        quarantineName: freeNameIn(quarantineFolder, operation.id),
        evidenceName: evidence.name,
        parentMtimeAfterNs: null,
      };
      return ready({ kind: 'quarantine-file', ...fields }, [evidence]);
    } catch (error) {
      return refused('unavailable', `No quarantine could be had for ${file.path}: ${message(error)}`);
    } finally {
      folder.close();
    }
  },

  async perform(operation, receipt, context) {
    const fields = readReceipt('quarantine-file', quarantineFields, receipt);
    try {
      const { folder, name } = openParent(operation.file.path);
      try {
        return await moveAway(operation, receipt, fields, folder, name, context);
      } finally {
        folder.close();
      }
    } catch (error) {
      const why =
        error instanceof WalkError
          ? error.message
          : `Moving ${operation.file.path} failed: ${message(error)}.`;
      return failed(receipt, why);
    }
  },

  async verify(operation, receipt) {
    const fields = readReceipt('quarantine-file', quarantineFields, receipt);
    const { path } = operation.file;
    const kept = await lookInQuarantine(fields);
    const standing = await lookAtPath(path);
    if (typeof standing === 'string') return verified('unknown', standing);
    if (standing.there) {
      const what =
        kept === null ? 'is still in its place' : 'is there again: something has put it back since';
      return verified('does-not-hold', `${path} ${what}.`);
    }
    if (kept === null)
      return verified(
        'unknown',
        `${path} is gone, but it is not in quarantine either: something else took it away.`,
      );
    if (kept === 'altered')
      return verified('unknown', `${path} is gone; the file in quarantine is not the one that was planned.`);
    return verified(
      'holds',
      `${path} is in quarantine at ${fields.quarantineFolder}/${fields.quarantineName}, unchanged.`,
    );
  },

  async undo(operation, receipt) {
    return putBack(operation, receipt, readReceipt('quarantine-file', quarantineFields, receipt));
  },
};

async function lookInQuarantine(fields: QuarantineReceipt): Promise<'kept' | 'altered' | null> {
  const quarantine = openExistingQuarantine(fields.quarantineFolder);
  if (quarantine === null) return null;
  try {
    const kept = await lookAt(quarantine, fields.quarantineName);
    if (kept === null) return null;
    return typeof kept === 'object' && isSameContent(fields.file, kept) ? 'kept' : 'altered';
  } finally {
    quarantine.close();
  }
}

async function lookAtPath(path: string): Promise<{ there: boolean } | string> {
  try {
    const { folder, name } = openParent(path);
    try {
      return { there: lstatIn(folder, name) !== null };
    } finally {
      folder.close();
    }
  } catch (error) {
    if (error instanceof WalkError && error.code === 'missing') return { there: false };
    return error instanceof WalkError
      ? error.message
      : `${path} could not be looked at (${errorCode(error)}).`;
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
