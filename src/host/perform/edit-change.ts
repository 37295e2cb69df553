import { createHash } from 'node:crypto';
import type { OperationOf } from '../../operations/operation.ts';
import type { OperationOutcome, Receipt } from '../../operations/receipt.ts';
import type { OpenFolder } from '../safe-path.ts';
import { changeLines, sentenceOf } from './change-lines.ts';
import type { EditReceipt } from './edit-receipt.ts';
import { changedSince } from './file-change.ts';
import { lookAt } from './opened-file.ts';
import { done, failed } from './outcome.ts';
import type { PerformContext } from './performer.ts';
import { reloadAfter } from './reload.ts';
import { swapFile } from './swap-file.ts';

/** The change of edit-file: the file is read once more, its lines are changed, and the new one takes its place. */
export async function replaceContents(
  operation: OperationOf<'edit-file'>,
  receipt: Receipt,
  fields: EditReceipt,
  folder: OpenFolder,
  name: Buffer,
  context: PerformContext,
): Promise<OperationOutcome> {
  const { path } = operation.file;
  const stale = changedSince(folder, name, fields);
  if (stale !== null)
    return failed(receipt, `${path} ${stale}. Nothing was changed. Scan again and plan anew.`);
  if (context.signal?.aborted) return failed(receipt, `Cancelled; ${path} was not changed.`);
  const original = await lookAt(folder, name, { keepBytes: true });
  if (
    original === null ||
    typeof original === 'string' ||
    original.bytes === null ||
    original.sha256 !== fields.file.sha256
  )
    return failed(
      receipt,
      `${path} was changed since it was looked at. Nothing was changed by us. Scan again and plan anew.`,
    );
  const changed = changeLines(original.bytes, operation);
  if (changed.status === 'stale' || sha256(changed.bytes) !== fields.newSha256)
    return failed(
      receipt,
      `${path}: the lines are not the ones that were approved. Nothing was changed. Plan anew.`,
    );

  const swap = await swapFile(
    fields,
    folder,
    name,
    { original, bytes: changed.bytes, looks: original, isLike: true },
    context,
  );
  if (swap.problem !== null) return failed(receipt, `${path} ${swap.problem}.`);
  const after: EditReceipt = { ...fields, parentMtimeAfterNs: swap.parentMtimeAfterNs };
  return done(
    { kind: 'edit-file', ...after },
    `${path}: ${sentenceOf(operation)}${fields.madeUpKey === null ? '' : ', with a password that was made here and stands in this file alone'}${swap.note}${await reloadAfter(operation.reload)}.`,
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
