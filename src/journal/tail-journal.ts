import { type FileHandle, open } from 'node:fs/promises';
import type { JournalRecord } from '../engine/event.ts';
import { NO_HASH, parseLine } from './record-line.ts';

/** Reads a journal that somebody else is writing, a piece at a time. Checks the chain as `readJournal` does. */
export interface JournalTail {
  /** Whole records that came since the last call. Half a record is left for the next. */
  next(): Promise<readonly JournalRecord[]>;
  head(): string;
  /** Why nothing after the last record can be trusted; null while all fits. */
  altered(): string | null;
  close(): Promise<void>;
}

const PIECE_BYTES = 1024 * 1024;

/** @throws the file system's error if it cannot be opened. */
export async function tailJournal(path: string): Promise<JournalTail> {
  const file = await open(path, 'r');
  let head = NO_HASH;
  let seq = 0;
  let goodBytes = 0;
  let altered: string | null = null;

  async function next(): Promise<readonly JournalRecord[]> {
    if (altered !== null) return [];
    const records: JournalRecord[] = [];
    const bytes = await readFrom(file, goodBytes);
    let at = 0;
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, at)) {
      const parsed = parseLine(bytes.toString('utf8', at, end), head, seq + 1);
      if (parsed.status !== 'whole') {
        const reason = parsed.status === 'altered' ? parsed.reason : 'it is no journal record';
        altered = `record ${seq + 1}: ${reason}`;
        break;
      }
      records.push(parsed.record);
      head = parsed.hash;
      seq = parsed.record.seq;
      at = end + 1;
    }
    goodBytes += at;
    return records;
  }

  return { next, head: () => head, altered: () => altered, close: () => file.close() };
}

async function readFrom(file: FileHandle, from: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let at = from;
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, at);
    if (bytesRead > 0) pieces.push(buffer.subarray(0, bytesRead));
    at += bytesRead;
    if (bytesRead < PIECE_BYTES) return Buffer.concat(pieces);
  }
}
