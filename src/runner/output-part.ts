import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputPart, OutputTime } from '../engine/handle.ts';
import type { IncidentFolder } from '../journal/folder.ts';

const NOTHING: OutputPart = { bytes: new Uint8Array(), totalBytes: 0 };
/** Times of several days. */
const MOST_TIMES_BYTES = 8 << 20;

/** A piece of an operation's stored output; empty if it printed nothing. */
export async function readOutputPart(
  folder: IncidentFolder,
  operationId: string,
  fromByte: number,
  maxBytes: number,
): Promise<OutputPart> {
  return readPart(folder, operationId, 'log', fromByte, maxBytes);
}

/** When which part of it came (output-times.ts); what is not of that form is left out. */
export async function readTimes(folder: IncidentFolder, operationId: string): Promise<readonly OutputTime[]> {
  const { bytes } = await readPart(folder, operationId, 'times', 0, MOST_TIMES_BYTES);
  const times: OutputTime[] = [];
  for (const [, fromByte, atMs] of Buffer.from(bytes)
    .toString('latin1')
    .matchAll(/^(\d{1,15}) (\d{1,15})\n/gm))
    times.push({ fromByte: Number(fromByte), atMs: Number(atMs) });
  return times;
}

async function readPart(
  folder: IncidentFolder,
  operationId: string,
  ending: 'log' | 'times',
  fromByte: number,
  maxBytes: number,
): Promise<OutputPart> {
  // The journal may be somebody else's, with ids that lead elsewhere.
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(operationId)) return NOTHING;
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  const file = await open(join(folder.output, `${operationId}.${ending}`), flags).catch(() => null);
  if (file === null) return NOTHING;
  try {
    const { size } = await file.stat();
    const length = Math.max(0, Math.min(maxBytes, size - fromByte));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, fromByte);
    return { bytes: buffer.subarray(0, bytesRead), totalBytes: size };
  } finally {
    await file.close();
  }
}
