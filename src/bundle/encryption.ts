import { Readable } from 'node:stream';
import { Decrypter, Encrypter } from 'age-encryption';
import { UserError } from '../text/user-error.ts';

/** How an age file begins (age-encryption.org/v1). */
const HEADER = 'age-encryption.org/v1\n';

export function isEncrypted(firstBytes: Uint8Array): boolean {
  return Buffer.from(firstBytes.subarray(0, HEADER.length)).toString('latin1') === HEADER;
}

/**
 * Encrypts to all of the recipients (`age1…`). Streams. @throws UserError `bad-recipient`: an SSH key is none for
 * the library that is used (age-encryption 0.3), nor is a name.
 */
export async function encrypted(plain: Readable, recipients: readonly string[]): Promise<Readable> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) addRecipient(encrypter, recipient);
  const cipher = await encrypter.encrypt(Readable.toWeb(plain) as ReadableStream<Uint8Array>);
  return Readable.fromWeb(cipher as Parameters<typeof Readable.fromWeb>[0]);
}

/** Said before a large incident is read for nothing. @throws UserError `bad-recipient`. */
export function checkRecipients(recipients: readonly string[]): void {
  const encrypter = new Encrypter();
  for (const recipient of recipients) addRecipient(encrypter, recipient);
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  if (recipient.startsWith('ssh-')) {
    throw new UserError('bad-recipient', 'A bundle cannot be encrypted to an SSH key here.', {
      hint: 'Ask for an age key (`age-keygen` makes one; its public half begins with age1).',
    });
  }
  try {
    encrypter.addRecipient(recipient);
  } catch (cause) {
    throw new UserError('bad-recipient', `That is no recipient: ${(cause as Error).message}.`, {
      hint: 'A recipient begins with age1; `age-keygen -y KEYFILE` prints it.',
      cause,
    });
  }
}

/**
 * Decrypts with the identities of a file as `age-keygen` writes it. Streams; what was altered on the way ends it
 * with an error. @throws UserError `bad-identity`, `not-for-us`.
 */
export async function decrypted(cipher: Readable, identityText: string): Promise<Readable> {
  const decrypter = new Decrypter();
  const identities = identityText
    .split('\n')
    .flatMap((line) => /^AGE-SECRET-KEY-\S+/.exec(line.trim())?.[0] ?? []);
  if (identities.length === 0) {
    throw new UserError('bad-identity', 'There is no age identity in that file.', {
      hint: 'Its lines begin with AGE-SECRET-KEY-; one with a passphrase must be decrypted first (age -d).',
    });
  }
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
    const plain = await decrypter.decrypt(Readable.toWeb(cipher) as ReadableStream<Uint8Array>);
    return Readable.fromWeb(plain as Parameters<typeof Readable.fromWeb>[0]);
  } catch (cause) {
    throw new UserError('not-for-us', `The bundle was not decrypted: ${(cause as Error).message}.`, {
      hint: 'It may have been encrypted to another key; name the right one with --identity.',
      cause,
    });
  }
}
