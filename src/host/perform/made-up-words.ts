/**
 * Passwords that an edit needs and nobody may read in a plan, a journal or a transcript: made here, from a key that
 * never leaves this host and the operation's own name, so that preparing, doing and checking come to the same word.
 */

import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OperationOf } from '../../operations/operation.ts';
import { HostError } from '../host-error.ts';
import { ensurePrivateFolder, writeFileDurably } from './private-folder.ts';

const KEY_BYTES = 32;

/** The file of the key, made if it has to be; null if the edit needs no word. */
export function madeUpKey({ insertLines }: OperationOf<'edit-file'>, hostFolder: string): string | null {
  if (insertLines?.some(({ madeUp }) => madeUp === true) !== true) return null;
  const path = join(hostFolder, 'made-up.key');
  if (readKey(path) === null) {
    ensurePrivateFolder(dirname(path));
    writeFileDurably(path, randomBytes(KEY_BYTES));
  }
  return path;
}

/** The edit with its words. Throws if the key is gone: another word would be another edit. */
export function withMadeUp(
  operation: OperationOf<'edit-file'>,
  keyPath: string | null,
): OperationOf<'edit-file'> {
  const { insertLines } = operation;
  if (keyPath === null || insertLines === undefined) return operation;
  const key = readKey(keyPath);
  if (key === null) throw new HostError(`${keyPath} is gone, so the password cannot be made again`);
  return {
    ...operation,
    insertLines: insertLines.map((insertion, index) => {
      if (insertion.madeUp !== true) return insertion;
      const word = createHmac('sha256', key).update(`${operation.id}\n${index}`).digest('base64url');
      return { ...insertion, text: `${insertion.text}${word}` };
    }),
  };
}

function readKey(path: string): Buffer | null {
  try {
    const key = readFileSync(path);
    return key.length === KEY_BYTES ? key : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
