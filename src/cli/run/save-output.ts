import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { IncidentHandle } from '../../engine/handle.ts';
import { UserError } from '../../text/user-error.ts';

const PART_BYTES = 1 << 20;

/**
 * Writes an operation's whole output, byte for byte, to a new file on this machine, for its owner only.
 * `~/` is the responder's home. Resolves to the absolute path. @throws UserError if it is there already or cannot be written.
 */
export async function saveOutput(handle: IncidentHandle, operationId: string, path: string): Promise<string> {
  const target = resolve(path.replace(/^~(?=\/)/, homedir()));
  const file = await open(target, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      'not-saved',
      error.code === 'EEXIST'
        ? `${target} is there already: it is not written over. Type another name.`
        : `${target} cannot be written (${error.code}). Type another place.`,
    );
  });
  try {
    for (let from = 0; ; ) {
      const { bytes, totalBytes } = await handle.readOutput(operationId, from, PART_BYTES);
      await file.writeFile(bytes);
      from += bytes.length;
      if (bytes.length === 0 || from >= totalBytes) break;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return target;
}
