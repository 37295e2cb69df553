import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { toFsPath } from '../file-identity.ts';

/** What a public key file says (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"; the blob is RFC 4253's). */
export interface PublicKey {
  /** As `ssh-keygen -t` takes it. */
  readonly type: 'rsa' | 'ecdsa' | 'ed25519';
  readonly bits: number | null;
  /** As `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
}

/** null if there is no such file or it holds no key of a type that a host can be given anew. */
export function readPublicKey(path: string): PublicKey | null {
  try {
    return parsePublicKey(readFileSync(toFsPath(path), 'latin1'));
  } catch {
    return null;
  }
}

export function parsePublicKey(text: string): PublicKey | null {
  const [, name = '', encoded = ''] =
    /(ssh-rsa|ecdsa-sha2-nistp\d+|ssh-ed25519) (AAAA[A-Za-z0-9+/]+=*)/.exec(text) ?? [];
  if (encoded === '') return null;
  const blob = Buffer.from(encoded, 'base64');
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  const curve = /nistp(\d+)/.exec(name)?.[1];
  return {
    type: name === 'ssh-rsa' ? 'rsa' : name === 'ssh-ed25519' ? 'ed25519' : 'ecdsa',
    bits: name === 'ssh-rsa' ? rsaBits(blob) : curve === undefined ? null : Number(curve),
    fingerprint: `SHA256:${digest}`,
  };
}

/** Length of the modulus, the third string of the blob (RFC 4253, 6.6). */
function rsaBits(blob: Buffer): number | null {
  let at = 0;
  let last: Uint8Array = new Uint8Array();
  for (let number = 0; number < 3 && at + 4 <= blob.length; number += 1) {
    const length = blob.readUInt32BE(at);
    last = blob.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  const first = last.findIndex((byte) => byte !== 0);
  return first < 0 ? null : (last.length - first) * 8;
}
