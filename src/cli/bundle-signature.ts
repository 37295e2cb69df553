import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSignature, type SignatureCheck } from '../host/ssh-signature.ts';

/** Null: there is none. `ssh-keygen` wants it in a file. */
export async function checkBundleSignature(
  text: string,
  signature: string | null,
  allowedSigners: string | null,
): Promise<SignatureCheck | null> {
  if (signature === null) return null;
  const scratch = await mkdtemp(join(tmpdir(), 'tourniquet-verify-'));
  try {
    const file = join(scratch, 'signature');
    await writeFile(file, signature, { mode: 0o600 });
    return await checkSignature(text, file, allowedSigners);
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
