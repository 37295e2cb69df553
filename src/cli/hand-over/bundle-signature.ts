import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSignature, type SignatureCheck } from '../../host/ssh-signature.ts';

/** Null: there is none. */
export async function checkBundleSignature(
  text: string,
  signature: string | null,
  allowedSigners: string | null,
): Promise<SignatureCheck | null> {
  return signature === null ? null : inFile(signature, (file) => checkSignature(text, file, allowedSigners));
}

/** For a tool that reads nothing but a file. */
export async function inFile<T>(bytes: string | Uint8Array, read: (file: string) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'tourniquet-verify-'));
  try {
    const file = join(scratch, 'signature');
    await writeFile(file, bytes, { mode: 0o600 });
    return await read(file);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export function signatureText(check: SignatureCheck | null): string {
  if (check === null) return 'not signed';
  if (!check.isGood) return `signature NOT good: ${check.detail}`;
  const who = [check.fingerprint, check.signer].filter((part) => part !== null).join(' of ');
  return `signed by ${who}${check.signer === null ? ', whose key that is was not asked' : ''}`;
}
