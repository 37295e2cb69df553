import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { decrypted, isEncrypted } from '../../bundle/encryption.ts';
import { UserError } from '../../text/user-error.ts';

/** The bundle in a file, decrypted where that is needed. @throws UserError `needs-identity`, and those of `decrypted`. */
export async function openBundle(path: string, identity: string | undefined): Promise<Readable> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: Error) => {
    throw new UserError('no-such-bundle', `The bundle cannot be read: ${cause.message}`, { cause });
  });
  const { bytesRead, buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
  const bytes = file.createReadStream({ start: 0, highWaterMark: 1 << 20 });
  if (!isEncrypted(buffer.subarray(0, bytesRead))) return bytes;
  if (identity === undefined) {
    bytes.destroy();
    throw new UserError('needs-identity', 'The bundle is encrypted.', {
      hint: 'Name the file of your age key with --identity.',
    });
  }
  return decrypted(bytes, await readFile(identity, 'utf8'));
}
