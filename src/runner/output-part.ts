import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputPart } from '../engine/handle.ts';
import type { IncidentFolder } from '../journal/folder.ts';

/** A piece of an operation's stored output; empty if it printed nothing. */
export async function readOutputPart(
  folder: IncidentFolder,
  operationId: string,
  fromByte: number,
  maxBytes: number,
): Promise<OutputPart> {
  // The journal may be somebody else's, with ids that lead elsewhere.
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(operationId)) return { bytes: new Uint8Array(), totalBytes: 0 };
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  const file = await open(join(folder.output, `${operationId}.log`), flags).catch(() => null);
  if (file === null) return { bytes: new Uint8Array(), totalBytes: 0 };
  try {
    const { size } = await file.stat();
    const length = Math.max(0, Math.min(maxBytes, size - fromByte));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, fromByte);
    return { bytes: buffer.subarray(0, bytesRead), totalBytes: size };
  } finally {
    await file.close();
  }
}
