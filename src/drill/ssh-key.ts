import type { Random } from './random.ts';

/** A public key in the form of authorized_keys (RFC 4253 6.6, RFC 8709) to which nobody has the private one. */
export function sshKey(type: 'ssh-rsa' | 'ssh-ed25519', random: Random): string {
  const parts: Uint8Array[] = [Buffer.from(type)];
  if (type === 'ssh-rsa') {
    const modulus = random.bytes(256);
    modulus[0] = (modulus[0] ?? 0) | 0x80;
    modulus[255] = (modulus[255] ?? 0) | 1;
    // An mpint is signed: a leading zero byte keeps it positive.
    parts.push(Buffer.from([1, 0, 1]), Buffer.concat([Buffer.from([0]), modulus]));
  } else {
    parts.push(random.bytes(32));
  }
  const blob = Buffer.concat(
    parts.map((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return Buffer.concat([length, part]);
    }),
  );
  return `${type} ${blob.toString('base64')}`;
}
