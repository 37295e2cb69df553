import { createHash, createPublicKey } from 'node:crypto';
import { fingerprintOf } from '../authorized-key.ts';
import { reading, type SecretReader } from './reading.ts';

const BEGIN = /-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY(?: BLOCK)?-----/;

/**
 * A private key in PEM: by the fingerprint of its public half, and whether a passphrase guards it. The private half is parsed only
 * where the format keeps the public one nowhere else, and nothing of it is kept.
 */
export const privateKey: SecretReader = (text, { path }) => {
  const begin = BEGIN.exec(text);
  if (begin === null) return [];
  const line = text.slice(0, begin.index).split('\n').length;
  const kind = (begin[1] ?? '').trim();
  if (kind === 'OPENSSH') {
    const openssh = readOpenssh(text.slice(begin.index));
    return [
      reading('ssh-private-key', openssh?.fingerprint ?? null, {
        line,
        isEncrypted: openssh?.isEncrypted ?? null,
      }),
    ];
  }
  if (kind === 'PGP') return [reading('pgp-private-key', null, { line })];
  const isEncrypted = kind === 'ENCRYPTED' || /^Proc-Type: 4,ENCRYPTED/m.test(text);
  const secret = /(^|\/)\.ssh\/|(^|\/)(id_|ssh)/.test(path) ? 'ssh-private-key' : 'private-key';
  return [reading(secret, isEncrypted ? null : publicHash(text), { line, isEncrypted })];
};

/**
 * openssh-key-v1: cipher, kdf, its options, number of keys, then the first public key in clear (PROTOCOL.key of OpenSSH).
 * null if it is not that.
 */
function readOpenssh(
  text: string,
): { readonly fingerprint: string | null; readonly isEncrypted: boolean } | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  const bytes = Buffer.from((body ?? '').replace(/\s+/g, ''), 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) return null;
  let at = magic.length;
  const next = (): Buffer | null => {
    if (at + 4 > bytes.length) return null;
    const length = bytes.readUInt32BE(at);
    if (length > bytes.length - at - 4) return null;
    const part = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return part;
  };
  const cipher = next();
  next();
  next();
  at += 4;
  const blob = next();
  if (cipher === null) return null;
  return {
    fingerprint: blob === null ? null : fingerprintOf(blob.toString('base64')),
    isEncrypted: cipher.toString('latin1') !== 'none',
  };
}

/** SHA-256 of the public half as SubjectPublicKeyInfo, as certificate tools print it; null if it cannot be parsed. */
function publicHash(text: string): string | null {
  try {
    const spki = createPublicKey(text).export({ type: 'spki', format: 'der' });
    return `SPKI SHA256:${createHash('sha256').update(spki).digest('base64').replace(/=+$/, '')}`;
  } catch {
    return null;
  }
}

/** PKCS#12, JKS: always behind a password, which is in some configuration nearby. */
export const keystore: SecretReader = (_text, { bytes }) =>
  bytes.length < 4 ? [] : [reading('keystore', null, { isEncrypted: true })];

/** GnuPG keeps each secret key in a file named by its keygrip (gnupg, agent/keyformat.txt). */
export const gnupgKey: SecretReader = (text, { path }) => [
  reading('pgp-private-key', `keygrip ${(path.split('/').at(-1) ?? '').replace(/\.key$/, '').slice(0, 40)}`, {
    isEncrypted: text.includes('protected-private-key'),
  }),
];
