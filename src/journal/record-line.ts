import { hash as hashOf } from 'node:crypto';
import type { JournalRecord } from '../engine/event.ts';

/** `prev` of the first record. */
export const NO_HASH = '0'.repeat(64);

/** One journal line (without its line end) and its hash; the format is described in FORMAT.md. */
export function formatLine(
  record: JournalRecord,
  prev: string,
): { readonly line: string; readonly hash: string } {
  const { seq, at, by, event } = record;
  const rest = JSON.stringify({ prev, seq, at, by, event }).slice(1);
  const hash = sha256(rest);
  return { line: `{"hash":"${hash}",${rest}`, hash };
}

export type ParsedLine =
  | { readonly status: 'whole'; readonly record: JournalRecord; readonly hash: string }
  /** Cannot be a record: cut off, or never was one. */
  | { readonly status: 'torn' }
  /** A record, but not the one that was written there. */
  | { readonly status: 'altered'; readonly reason: string };

/** Checks a line against the record before it. */
export function parseLine(line: string, prev: string, seq: number): ParsedLine {
  const head = /^\{"hash":"([0-9a-f]{64})",(?="prev":)/.exec(line);
  if (head === null) return { status: 'torn' };
  const hash = head[1] ?? '';
  let record: JournalRecord & { prev: string };
  try {
    record = JSON.parse(line) as JournalRecord & { prev: string };
  } catch {
    return { status: 'torn' };
  }
  if (sha256(line.slice(head[0].length)) !== hash)
    return { status: 'altered', reason: 'its hash does not fit its contents' };
  if (record.prev !== prev) return { status: 'altered', reason: 'it does not follow the record before it' };
  if (record.seq !== seq)
    return { status: 'altered', reason: `it is numbered ${record.seq} where ${seq} was expected` };
  return { status: 'whole', hash, record: { seq, at: record.at, by: record.by, event: record.event } };
}

function sha256(text: string): string {
  // In one call: for lines as short as these, making an object of it takes longer than the hash.
  return hashOf('sha256', text, 'hex');
}
