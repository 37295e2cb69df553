import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file of the incident folder while it is written: hashed on the way, synced at the end. */
export interface StoredFile {
  readonly path: string;
  write(bytes: Uint8Array): Promise<void>;
  /** Syncs and closes. */
  close(): Promise<{ readonly sizeBytes: number; readonly sha256: string }>;
}

/**
 * Opens `name` below `folder`, anew. Names are ours (operation ids, fixed names), yet are checked: nothing may
 * leave the folder.
 */
export async function storeFile(folder: string, name: string): Promise<StoredFile> {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/.test(name)) {
    throw new Error(`not a name for a stored file: ${JSON.stringify(name)}`);
  }
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A new file each time, put in place of the old: a runner that was replaced may still write to that one.
  const draft = `${path}.new-${process.pid}`;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
  const file = await open(draft, flags, 0o600);
  try {
    await rename(draft, path);
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw error;
  }
  const hash = createHash('sha256');
  let sizeBytes = 0;
  // Chunks arrive faster than they are written; their order is the file's.
  let queue: Promise<void> = Promise.resolve();
  return {
    path,
    write(bytes) {
      const chunk = Buffer.from(bytes);
      queue = queue.then(async () => {
        await file.writeFile(chunk);
        hash.update(chunk);
        sizeBytes += chunk.length;
      });
      return queue;
    },
    async close() {
      try {
        await queue;
        await file.sync();
      } finally {
        await file.close();
      }
      return { sizeBytes, sha256: hash.digest('hex') };
    },
  };
}
