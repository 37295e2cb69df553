import { z } from 'zod';
import { markerPath, readMarker, writeMarker } from './done-marker.ts';
import { count, done, errorCode, failed, ready, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { collectEvidence } from './process-evidence.ts';
import { findTarget, plannedProcess, titleOf } from './process-target.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.object({ process: plannedProcess, markerPath: z.string() });

/** Copies a process out of /proc. Only reads; there is nothing to undo. */
export const collectProcess: OperationPerformer<'collect-process'> = {
  async prepare(operation, context) {
    const found = findTarget(operation.process, context, false);
    if (found.status === 'refused') return found;
    const path = markerPath(context.hostFolder, operation.id);
    return ready({ kind: 'collect-process', process: { ...operation.process }, markerPath: path });
  },

  async perform(operation, receipt, context) {
    const title = titleOf(operation.process);
    const found = findTarget(operation.process, context, false);
    if (found.status === 'refused') return failed(receipt, found.refusal.message);
    let bytes = 0;
    const onBytes = (count: number) => {
      bytes += count;
      context.onProgress({ done: bytes, total: null, unit: 'bytes' });
    };
    try {
      const { evidence, signal } = context;
      const taken = await collectEvidence(operation.process, {
        evidence,
        signal,
        onBytes,
        memoryBytes: operation.memoryBytes ?? 0,
      });
      const lacks = taken.missing.length > 0 ? ` Not to be had: ${taken.missing.join('; ')}.` : '';
      if (!taken.wasThereToTheEnd)
        return failed(
          receipt,
          `${title} ended, or became another program, while it was copied; what was read is kept (${count(taken.files.length, 'file')}) and may be incomplete.${lacks}`,
          { evidence: taken.files },
        );
      if (!taken.hasExecutable)
        return failed(receipt, `The executable of ${title} could not be read.${lacks} Are you root?`, {
          evidence: taken.files,
        });
      writeMarker(readReceipt('collect-process', fields, receipt).markerPath, taken.files);
      return done(receipt, `${title} is in the evidence: ${taken.files.length} files.${lacks}`, {
        evidence: taken.files,
      });
    } catch (error) {
      const why = context.signal?.aborted
        ? 'it was cancelled'
        : error instanceof Error
          ? error.message
          : errorCode(error);
      return failed(receipt, `${title} was not wholly copied: ${why}. Nothing on the host was changed.`);
    }
  },

  async verify(operation, receipt) {
    const taken = readMarker(readReceipt('collect-process', fields, receipt).markerPath);
    const title = titleOf(operation.process);
    if (taken === null) return verified('does-not-hold', `${title} was not wholly copied to the evidence.`);
    return verified('holds', `${title} was copied to the evidence: ${taken.length} files.`);
  },

  async undo(_operation, receipt) {
    return failed(receipt, 'Taking evidence changes nothing on the host, so there is nothing to undo.');
  },
};
