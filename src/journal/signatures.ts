import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncidentFolder } from './folder.ts';

/** Of the head as it was at some record. `file` holds an armoured SSH signature over `signedText`. */
export interface StoredSignature {
  readonly seq: number;
  readonly file: string;
}

/** What is signed: the head covers everything before it, and the rest says what it is the head of. */
export function signedText(incidentId: string, seq: number, head: string): string {
  return `tourniquet incident ${incidentId} record ${seq} head ${head}\n`;
}

export async function storeSignature(
  folder: IncidentFolder,
  seq: number,
  signature: string | Uint8Array,
  kind: 'sig' | 'tsr' = 'sig',
): Promise<string> {
  const path = join(folder.path, 'signatures');
  await mkdir(path, { recursive: true, mode: 0o700 });
  const file = join(path, `${seq}.${randomBytes(4).toString('hex')}.${kind}`);
  await writeFile(file, signature, { mode: 0o600, flag: 'wx' });
  return file;
}

/** Oldest first; `tsr`: replies of time stamp servers (RFC 3161) instead. */
export async function listSignatures(
  folder: IncidentFolder,
  kind: 'sig' | 'tsr' = 'sig',
): Promise<readonly StoredSignature[]> {
  const path = join(folder.path, 'signatures');
  const names = await readdir(path).catch(() => [] as string[]);
  return names
    .flatMap((name) => {
      const [, seq, ending] = /^(\d{1,9})\.[0-9a-f]{8}\.(sig|tsr)$/.exec(name) ?? [];
      return seq === undefined || ending !== kind ? [] : [{ seq: Number(seq), file: join(path, name) }];
    })
    .sort((a, b) => a.seq - b.seq);
}
