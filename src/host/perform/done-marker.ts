import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EvidenceFile } from '../../operations/receipt.ts';
import { toFsPath } from '../file-identity.ts';
import { ensurePrivateFolder, writeFileDurably } from './private-folder.ts';

/**
 * Evidence goes to another folder, often to another machine, so whether it was all taken could not be told from
 * the host after a cut-off. This small file on the host says so, with what was taken.
 */
export function markerPath(hostFolder: string, operationId: string): string {
  return join(hostFolder, 'taken', `${operationId}.json`);
}

export function writeMarker(path: string, evidence: readonly EvidenceFile[]): void {
  ensurePrivateFolder(join(path, '..'));
  writeFileDurably(path, `${JSON.stringify({ evidence })}\n`);
}

/** null if it was not all taken. */
export function readMarker(path: string): readonly EvidenceFile[] | null {
  try {
    return marker.parse(JSON.parse(readFileSync(toFsPath(path), 'utf8'))).evidence;
  } catch {
    return null;
  }
}

const marker = z.object({
  evidence: z.array(
    z.object({ name: z.string(), sha256: z.string(), sizeBytes: z.number(), source: z.string() }),
  ),
});
