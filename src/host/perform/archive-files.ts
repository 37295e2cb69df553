import { z } from 'zod';
import { formatBytes } from '../../text/format.ts';
import { markerPath, readMarker, writeMarker } from './done-marker.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer, PerformContext } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';
import { walkTree } from './walk-tree.ts';
import { writeArchive } from './write-archive.ts';

const fields = z.object({
  markerPath: z.string(),
  totalBytes: z.number(),
  files: z.number(),
  missing: z.array(z.string()),
});

/** Packs paths into the evidence: NAME.tar.zst, and NAME.manifest.jsonl with a line for each thing. Only reads. */
export const archiveFiles: OperationPerformer<'archive-files'> = {
  async prepare(operation, context) {
    if (!/^[A-Za-z0-9._-]+$/.test(operation.name))
      return refused(
        'invalid',
        `“${operation.name}” cannot be the name of an archive. Use letters, digits, “.”, “_” and “-”.`,
      );
    const size = await measure(operation.paths, context);
    if (size === null) return refused('invalid', 'It was cancelled while the files were counted.');
    if (size.totalBytes > operation.maxBytes)
      return refused(
        'evidence',
        `The archive would hold ${formatBytes(size.totalBytes)} in ${size.files} files, and the limit is ${formatBytes(operation.maxBytes)}. Name fewer paths, or allow ${size.totalBytes} bytes.`,
      );
    return ready({
      kind: 'archive-files',
      markerPath: markerPath(context.hostFolder, operation.id),
      ...size,
    });
  },

  async perform(operation, receipt, context) {
    const planned = readReceipt('archive-files', fields, receipt);
    try {
      const written = await writeArchive(operation, planned.totalBytes, without(context), context);
      writeMarker(planned.markerPath, written.evidence);
      const [archive] = written.evidence;
      const notes =
        written.notes === 0
          ? ''
          : `; ${written.notes} left out or changed while they were read, see the manifest`;
      const message = `${written.entries} files and folders (${formatBytes(written.bytes)}) are in ${archive?.name ?? operation.name}${notes}.`;
      return done(receipt, message, { evidence: written.evidence });
    } catch (error) {
      const why = context.signal?.aborted
        ? 'it was cancelled'
        : error instanceof Error
          ? error.message
          : errorCode(error);
      return failed(receipt, `The archive was not finished: ${why}. Nothing on the host was changed.`);
    }
  },

  async verify(operation, receipt) {
    const taken = readMarker(readReceipt('archive-files', fields, receipt).markerPath);
    if (taken === null) return verified('does-not-hold', `The archive ${operation.name} was not finished.`);
    return verified(
      'holds',
      `The archive is in the evidence: ${taken.map((file) => `${file.name} (SHA-256 ${file.sha256.slice(0, 12)}…)`).join(', ')}.`,
    );
  },

  async undo(_operation, receipt) {
    return failed(receipt, 'Taking evidence changes nothing on the host, so there is nothing to undo.');
  },
};

/** Counted before anything is written, so that a refusal comes at once and not with a full disk. */
async function measure(paths: readonly string[], context: PerformContext) {
  let totalBytes = 0;
  let files = 0;
  let seen = 0;
  const missing: string[] = [];
  for (const path of paths) {
    for (const item of walkTree(path, without(context))) {
      seen += 1;
      // Lets a cancellation and everything else in between.
      if (seen % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (context.signal?.aborted) return null;
      if (item.kind === 'skipped') {
        if (item.path === path) missing.push(path);
      } else if (item.entry.stats.isFile()) {
        totalBytes += Number(item.entry.stats.size);
        files += 1;
      }
    }
  }
  return { totalBytes, files, missing };
}

/** Our own folders, with incidents and quarantine in them: an archive must not take itself in. */
function without(context: PerformContext): string[] {
  const state = /^(.*)\/host\/[^/]+$/.exec(context.hostFolder)?.[1];
  return [context.hostFolder, ...(state?.endsWith('/tourniquet') ? [state] : [])];
}
