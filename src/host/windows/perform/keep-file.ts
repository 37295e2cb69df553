import { z } from 'zod';
import type { EvidenceFile } from '../../../operations/receipt.ts';
import type { EvidenceSink } from '../../host.ts';
import { call } from '../call.ts';
import type { PowerShellSession } from '../powershell-session.ts';

const piece = z.object({ bytes: z.base64() });
const PIECE_BYTES = 1024 * 1024;

/** Copies a file of the host into the evidence, piece by piece. @throws LostCall if it cannot be read. */
export async function keepFile(
  session: PowerShellSession,
  evidence: EvidenceSink,
  name: string,
  path: string,
): Promise<EvidenceFile> {
  const writer = await evidence.open(name, path);
  for await (const bytes of pieces(session, path)) await writer.write(bytes);
  return writer.close();
}

/** The content of a file. @throws LostCall as {@link keepFile}. */
export async function readWhole(session: PowerShellSession, path: string): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const bytes of pieces(session, path)) all.push(bytes);
  return Buffer.concat(all);
}

async function* pieces(session: PowerShellSession, path: string): AsyncGenerator<Buffer> {
  for (let offset = 0; ; ) {
    const parameters = { Path: path, Offset: String(offset), Length: PIECE_BYTES };
    const [row] = await call(session, 'read-file', parameters, piece);
    const bytes = Buffer.from(row?.bytes ?? '', 'base64');
    if (bytes.length === 0) return;
    yield bytes;
    offset += bytes.length;
  }
}
