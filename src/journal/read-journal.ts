import { open } from 'node:fs/promises';
import type { JournalRecord } from '../engine/event.ts';
import { NO_HASH, parseLine } from './record-line.ts';

/** What a journal file holds, as far as it can be trusted. */
export interface JournalContents {
  readonly records: readonly JournalRecord[];
  /** Of each record, in the same order. */
  readonly hashes: readonly string[];
  /** Hash of the last whole record; 64 zeros if there is none. */
  readonly head: string;
  /** Where the last whole record ends. */
  readonly goodBytes: number;
  /** Bytes after that which are a record cut off in the middle. */
  readonly tornBytes: number;
  /** The first record that was altered; null if none was. */
  readonly altered: { readonly seq: number; readonly line: number; readonly reason: string } | null;
}

/** Reads and checks a whole journal. @throws the file system's error if it cannot be read. */
export async function readJournal(path: string): Promise<JournalContents> {
  const file = await open(path, 'r');
  try {
    return parseJournal(await file.readFile());
  } finally {
    await file.close();
  }
}

export function parseJournal(bytes: Buffer): JournalContents {
  const records: JournalRecord[] = [];
  const hashes: string[] = [];
  let head = NO_HASH;
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(0x0a, at);
    const isLast = end === -1 || end === bytes.length - 1;
    const line = bytes.toString('utf8', at, end === -1 ? bytes.length : end);
    const parsed = end === -1 ? ({ status: 'torn' } as const) : parseLine(line, head, records.length + 1);
    if (parsed.status === 'torn' && isLast) {
      return { records, hashes, head, goodBytes: at, tornBytes: bytes.length - at, altered: null };
    }
    if (parsed.status !== 'whole') {
      const reason = parsed.status === 'altered' ? parsed.reason : 'it is not a journal record';
      const altered = { seq: records.length + 1, line: records.length + 1, reason };
      return { records, hashes, head, goodBytes: at, tornBytes: 0, altered };
    }
    records.push(parsed.record);
    hashes.push(parsed.hash);
    head = parsed.hash;
    at = end + 1;
  }
  return { records, hashes, head, goodBytes: at, tornBytes: 0, altered: null };
}
