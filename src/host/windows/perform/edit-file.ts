import { createHash } from 'node:crypto';
import { z } from 'zod';
import { changeLines, sentenceOf, whyNoChange } from '../../perform/change-lines.ts';
import { done, failed, ready, refused, verified } from '../../perform/outcome.ts';
import { call } from '../call.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { shaNow, whyNotThisFile } from './file.ts';
import { keepFile, readWhole } from './keep-file.ts';

const written = z.object({ sha256: z.string() });
/** It is kept in the receipt as well, for undo; hosts files are far smaller. */
const MOST_BYTES = 256 * 1024;

/** Changes exact lines; access list, owner and attributes of the file stay. */
export const editFile: WindowsPerformer<'edit-file'> = {
  async prepare(operation, context) {
    const { file, id } = operation;
    const senseless = whyNoChange(operation);
    if (senseless !== null) return refused('invalid', `${file.path}: ${senseless}.`);
    if (file.sizeBytes > MOST_BYTES)
      return refused('unavailable', `${file.path} is larger than is edited here: edit it by hand.`);
    const refusal = await whyNotThisFile(file, context);
    if (refusal !== null) return refusal;
    const before = await readWhole(context.session, file.path);
    if (sha256(before) !== file.sha256)
      return refused('stale', `${file.path} was changed while it was read: look again.`);
    const changed = changeLines(before, operation);
    if (changed.status === 'stale') return refused('stale', `${file.path}: ${changed.what}. Look again.`);
    const kept = await keepFile(context.session, context.evidence, `${id}/file`, file.path);
    const after = Buffer.from(changed.bytes);
    return ready(
      {
        kind: 'edit-file',
        before: before.toString('base64'),
        after: after.toString('base64'),
        sha256After: sha256(after),
      },
      [kept],
    );
  },
  async perform(operation, receipt, { session }) {
    const { path, sha256: planned } = operation.file;
    const parameters = { Path: path, Sha256: planned, Bytes: String(receipt.after) };
    const [row] = await call(session, 'write-file', parameters, written);
    return row?.sha256 === receipt.sha256After
      ? done(receipt, sentenceOf(operation, `${path}:`))
      : failed(receipt, `${path} does not read as it was written: look at it, then undo this step.`);
  },
  async verify({ file }, receipt, session) {
    const now = await shaNow(session, file.path);
    if (now === receipt.sha256After) return verified('holds', `${file.path} reads as approved`);
    return now === file.sha256
      ? verified('does-not-hold', `${file.path} is as it was`)
      : verified('does-not-hold', `${file.path} was changed since, by somebody else`);
  },
  async undo({ file }, receipt, { session }) {
    const parameters = {
      Path: file.path,
      Sha256: String(receipt.sha256After),
      Bytes: String(receipt.before),
    };
    const [row] = await call(session, 'write-file', parameters, written);
    return row?.sha256 === file.sha256
      ? done(receipt, `${file.path} is as it was`)
      : failed(receipt, `${file.path} does not read as it did before: its copy is in the evidence.`);
  },
};

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
