import { constants } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { UserError } from '../text/user-error.ts';

/** Names by the placeholders that stand for them in redacted transcripts; empty if there is no such file yet. */
export async function readMapping(path: string): Promise<Readonly<Record<string, string>>> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw cannotRead(path, error.message);
    },
  );
  if (file === null) return {};
  try {
    const read: unknown = JSON.parse(await file.readFile('utf8'));
    if (
      typeof read === 'object' &&
      read !== null &&
      Object.values(read).every((name) => typeof name === 'string')
    )
      return read as Record<string, string>;
  } catch {
    // Said below.
  } finally {
    await file.close();
  }
  throw cannotRead(path, 'it is no list of names as this program writes it');
}

/** Whole or not at all, and for its owner alone: it undoes the redaction. */
export async function writeMapping(path: string, mapping: Readonly<Record<string, string>>): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(draft, flags, 0o600);
  try {
    await file.writeFile(`${JSON.stringify(mapping, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

function cannotRead(path: string, why: string): UserError {
  return new UserError(
    'bad-mapping',
    `The names behind the placeholders cannot be read from ${path}: ${why}.`,
    {
      hint: 'Name another file with --mapping; it will be made anew, with other placeholders.',
    },
  );
}
