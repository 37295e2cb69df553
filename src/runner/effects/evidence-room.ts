import { statfs } from 'node:fs/promises';
import type { Operation } from '../../operations/operation.ts';
import type { Receipt, Refusal } from '../../operations/receipt.ts';
import { formatBytes } from '../../text/format.ts';

/** Left for the journal and for what is smaller than anybody counts. */
const RESERVE_BYTES = 32 * 1024 * 1024;

/** Bytes of evidence that an operation will want, as far as they are known; null if it takes none. */
export function evidenceBytes(operation: Operation, receipt: Receipt | null): number | null {
  switch (operation.kind) {
    case 'archive-files':
      // Counted when it was prepared; packed it is hardly ever more.
      return typeof receipt?.totalBytes === 'number' ? receipt.totalBytes : 0;
    case 'quarantine-file':
    case 'edit-file':
    case 'set-attributes':
      return operation.file.sizeBytes;
    case 'reinstall-package':
      return operation.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    case 'collect-process':
    case 'kill-process':
      // The size of its program is known only once it is copied.
      return operation.memoryBytes ?? 0;
    case 'end-session':
      return 0;
    default:
      return null;
  }
}

/** Why evidence of that size is not begun in the incident folder; null if there is room or it cannot be told. */
export async function whyNoRoom(folder: string, neededBytes: number): Promise<Refusal | null> {
  const system = await statfs(folder).catch(() => null);
  if (system === null) return null;
  const freeBytes = system.bavail * system.bsize;
  if (freeBytes >= neededBytes + RESERVE_BYTES) return null;
  const lacking = formatBytes(neededBytes + RESERVE_BYTES - freeBytes);
  return {
    code: 'evidence',
    message:
      `The evidence would not fit: it needs ${formatBytes(neededBytes)}, with ${formatBytes(RESERVE_BYTES)} to spare for the journal, ` +
      `and ${formatBytes(freeBytes)} are free in ${folder}. Nothing was done. Free ${lacking} there, then try again.`,
  };
}
