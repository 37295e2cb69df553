import { type FileHandle, open } from 'node:fs/promises';
import type { Event, JournalRecord } from '../engine/event.ts';
import { systemErrorText } from '../text/system-error-text.ts';
import { UserError } from '../text/user-error.ts';
import { formatLine } from './record-line.ts';

/** The one thing that appends to a journal. Whoever holds it must hold the incident's lock. */
export interface JournalWriter {
  /** Appends and fsyncs. When it rejects (UserError `journal-unwritable`), nothing may be done in the event's name. */
  append(event: Event, by: string): Promise<JournalRecord>;
  /** Hash of the last record. */
  head(): string;
  close(): Promise<void>;
}

export interface WriterStart {
  readonly path: string;
  readonly head: string;
  /** Number of the last record; 0 for a new journal. */
  readonly seq: number;
  /** Where the last whole record ends: what lies behind is cut off before the first append. */
  readonly goodBytes: number;
  readonly now: () => Date;
  /** Runs each append while nobody can take the incident's lock; see lock.ts. */
  readonly guard?: <T>(append: () => Promise<T>) => Promise<T>;
}

export async function openWriter(start: WriterStart): Promise<JournalWriter> {
  const file = await open(start.path, start.seq === 0 ? 'ax' : 'r+', 0o600);
  if (start.seq > 0) await file.truncate(start.goodBytes);
  let { head, seq, goodBytes } = start;
  let broken: Error | null = null;

  async function guard(append: () => Promise<JournalRecord>): Promise<JournalRecord> {
    try {
      return await (start.guard ? start.guard(append) : append());
    } catch (error) {
      // The lock is a name in a folder: a full or read-only file system refuses that first.
      throw error instanceof UserError ? error : unwritable(start.path, error as Error);
    }
  }

  async function write(event: Event, by: string): Promise<JournalRecord> {
    if (broken) throw unwritable(start.path, broken);
    const record: JournalRecord = { seq: seq + 1, at: start.now().toISOString(), by, event };
    const { line, hash } = formatLine(record, head);
    const bytes = Buffer.from(`${line}\n`, 'utf8');
    try {
      await writeWhole(file, bytes, goodBytes);
      await file.datasync();
    } catch (error) {
      // What got onto the disk of it is a torn line: taken back if that still works, recovered at the next start if not.
      await file.truncate(goodBytes).catch(() => undefined);
      broken = error as Error;
      throw unwritable(start.path, broken);
    }
    goodBytes += bytes.length;
    seq = record.seq;
    head = hash;
    return record;
  }

  // One at a time, in the order asked: a record's hash is the next one's `prev`.
  let queue: Promise<unknown> = Promise.resolve();
  return {
    append(event, by) {
      const result = queue.then(() => guard(() => write(event, by)));
      queue = result.catch(() => undefined);
      return result;
    },
    head: () => head,
    async close() {
      await queue;
      await file.close();
    },
  };
}

async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}

function unwritable(path: string, cause: Error): UserError {
  return new UserError(
    'journal-unwritable',
    `The journal cannot be written (${systemErrorText(cause.message)}), so nothing more is done: ${path}`,
    {
      hint: 'Free space or repair the folder, then `tourniquet resume`. What is in the journal so far is whole.',
      cause,
    },
  );
}
