import { type StoredFile, storeFile } from '../journal/stored-file.ts';

/** Between two lines of the file: a command that prints for a day has a megabyte of them. */
const APART_MS = 1000;

/** When an output came, beside the output itself. */
export interface OutputTimes {
  /** So many bytes more came now. */
  came(bytes: number): void;
  /** Syncs what was kept. @throws if it could not be. */
  close(): Promise<string>;
}

/**
 * Keeps `<operation>.times`: lines of `<bytes that were there before> <milliseconds since the epoch>`, at most one a
 * second. So whatever stands between two of these places came within a second of the first one's time.
 */
export function keepTimes(folder: string, operationId: string, readMs: () => number): OutputTimes {
  const file: Promise<StoredFile> = storeFile(folder, `${operationId}.times`);
  let total = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  let writing: Promise<unknown> = file;
  // It is told when it is closed.
  writing.catch(() => undefined);
  return {
    came(bytes) {
      const atMs = readMs();
      // The clock may have been set back.
      if (Math.abs(atMs - lastMs) >= APART_MS) {
        const line = Buffer.from(`${total} ${atMs}\n`);
        writing = Promise.all([writing, file.then((stored) => stored.write(line))]);
        writing.catch(() => undefined);
        lastMs = atMs;
      }
      total += bytes;
    },
    async close() {
      const stored = await file;
      // What could not be written is told by closing, which happens in any case.
      await writing.catch(() => undefined);
      return (await stored.close()).sha256;
    },
  };
}
