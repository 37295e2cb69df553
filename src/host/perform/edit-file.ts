import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { LineRef } from '../../operations/identity.ts';
import { lstatIn, openParent, WalkError } from '../safe-path.ts';
import { changeLines, countLines, type LineChanges, sentenceOf, whyNoChange } from './change-lines.ts';
import { replaceContents } from './edit-change.ts';
import { type EditReceipt, editFields } from './edit-receipt.ts';
import { openTarget } from './file-target.ts';
import { madeUpKey, withMadeUp } from './made-up-words.ts';
import { type FileNow, lookAt } from './opened-file.ts';
import { count, done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { operationFolder } from './private-folder.ts';
import { responderKeyLine } from './protected-targets.ts';
import { chooseQuarantine, freeNameIn, openExistingQuarantine } from './quarantine-place.ts';
import { readReceipt } from './receipt-fields.ts';
import { reloadAfter } from './reload.ts';
import { restoreSwapped } from './swap-undo.ts';

/** Crontabs, profiles and key lists are small; what is bigger is not edited by line. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Removes, replaces and inserts exact lines by putting a new file in the place of the old one in one rename. The old inode is kept
 * in quarantine under a second name; undo renames it back over the new one.
 */
export const editFile: OperationPerformer<'edit-file'> = {
  async prepare(planned, context) {
    const { file } = planned;
    if (file.kind === 'symlink')
      return refused('invalid', `${file.path} is a symlink. Edit the file that it points to instead.`);
    if (file.sizeBytes > MOST_BYTES)
      return refused(
        'invalid',
        `${file.path} has ${file.sizeBytes} bytes, which is more than is edited by line. Edit it by hand.`,
      );
    const senseless = whyNoChange(planned);
    if (senseless !== null) return refused('invalid', `${file.path} was not edited: ${senseless}.`);
    const key = responderKeyLine(
      goingLines(planned).map((line) => line.text),
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
      const keyPath = madeUpKey(planned, context.hostFolder);
      const operation = withMadeUp(planned, keyPath);
      const changed = changeLines(bytes, operation);
      if (changed.status === 'stale')
        return refused(
          'stale',
          `${file.path} is not what was planned against: ${changed.what}. Scan again and plan anew.`,
        );
      const quarantineFolder = chooseQuarantine(folder, context.hostFolder, context.incidentId);
      const fields: EditReceipt = {
        file,
        before,
        newSha256: sha256(changed.bytes),
        remaining: goingLines(operation).map((line) => countLines(changed.bytes, line.text)),
        arrived: comingTexts(operation).map((text) => countLines(changed.bytes, text)),
        quarantineFolder,
        quarantineName: freeNameIn(quarantineFolder, operation.id),
        copyPath: operationFolder(context.hostFolder, 'originals', operation.id),
        evidenceName: evidence.name,
        madeUpKey: keyPath,
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

  async perform(planned, receipt, context) {
    const fields = readReceipt('edit-file', editFields, receipt);
    const { path } = planned.file;
    try {
      const operation = withMadeUp(planned, fields.madeUpKey);
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

  async verify(planned, receipt) {
    const fields = readReceipt('edit-file', editFields, receipt);
    const { path } = planned.file;
    if (fields.madeUpKey !== null && !existsSync(fields.madeUpKey))
      return verified('unknown', `${fields.madeUpKey} is gone, by which the password would be known again.`);
    const operation = withMadeUp(planned, fields.madeUpKey);
    const now = await lookAtPath(path);
    if (typeof now === 'string') return verified('unknown', now);
    if (now.sha256 === fields.newSha256)
      return verified('holds', `${path} is as it was planned: ${sentenceOf(operation)}, the rest as it was.`);
    if (now.sha256 === fields.file.sha256)
      return verified('does-not-hold', `${path} is as it was before: ${sentenceOf(operation, 'none of')}.`);
    const bytes = now.bytes ?? new Uint8Array();
    const back = goingLines(operation).filter(
      (line, index) => countLines(bytes, line.text) > (fields.remaining[index] ?? 0),
    );
    if (back.length > 0)
      return verified(
        'does-not-hold',
        `${path} again has ${back.length} of ${count(goingLines(operation).length, 'line')} that went.`,
      );
    const lost = comingTexts(operation).filter(
      (text, index) => countLines(bytes, text) < (fields.arrived[index] ?? 1),
    );
    if (lost.length > 0)
      return verified('does-not-hold', `${path} lacks ${count(lost.length, 'line')} that came.`);
    if (isKept(fields))
      return verified('holds', `${path}: ${sentenceOf(operation)}; something else has changed it since.`);
    return verified('unknown', `${path} was changed by something else; the lines are as they were planned.`);
  },

  async undo(operation, receipt) {
    const fields = readReceipt('edit-file', editFields, receipt);
    const problem = await restoreSwapped(fields);
    return problem === null
      ? done(receipt, `${operation.file.path} is as it was${await reloadAfter(operation.reload)}.`)
      : failed(receipt, problem);
  },
};

/** Lines that are not there any more afterwards. */
function goingLines({ removeLines, replaceLines = [] }: LineChanges): readonly LineRef[] {
  return [...removeLines, ...replaceLines.map(({ line }) => line)];
}

function comingTexts({ replaceLines = [], insertLines = [] }: LineChanges): readonly string[] {
  return [...replaceLines, ...insertLines].map(({ text }) => text);
}

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
