import type { LineRef } from '../../operations/identity.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';

export type LinesRemoved =
  | { readonly status: 'removed'; readonly bytes: Uint8Array }
  /** A line is not where it was planned, or not what it was. */
  | { readonly status: 'stale'; readonly what: string };

/**
 * Takes exact lines out of a file's bytes. All else stays byte for byte: CRLF, NULs, what is no UTF-8, a last line
 * without an end. A line goes with its line end; its number and its text must both be as planned. A text may be
 * given with or without the CR of a CRLF.
 */
export function removeLines(bytes: Uint8Array, lines: readonly LineRef[]): LinesRemoved {
  const spans = splitLines(bytes);
  const gone = new Set<number>();
  for (const { number, text } of lines) {
    const span = spans[number - 1];
    if (span === undefined)
      return { status: 'stale', what: `it has no line ${number} (only ${spans.length})` };
    if (!isText(bytes, span, text)) return { status: 'stale', what: `line ${number} is not what it was` };
    gone.add(number - 1);
  }
  const kept = spans
    .filter((_, index) => !gone.has(index))
    .map((span) => bytes.subarray(span.start, span.end));
  return { status: 'removed', bytes: Buffer.concat(kept) };
}

/** How many lines of a file have this text. */
export function countLines(bytes: Uint8Array, text: string): number {
  return splitLines(bytes).filter((span) => isText(bytes, span, text)).length;
}

interface Span {
  readonly start: number;
  /** After the line end, if it has one. */
  readonly end: number;
}

const LF = 0x0a;
const CR = 0x0d;

function splitLines(bytes: Uint8Array): Span[] {
  const spans: Span[] = [];
  for (let start = 0; start < bytes.length; ) {
    const at = bytes.indexOf(LF, start);
    const end = at < 0 ? bytes.length : at + 1;
    spans.push({ start, end });
    start = end;
  }
  return spans;
}

function isText(bytes: Uint8Array, span: Span, text: string): boolean {
  let end = span.end;
  if (bytes[end - 1] === LF) end -= 1;
  if (decodeHostBytes(bytes.subarray(span.start, end)) === text) return true;
  return bytes[end - 1] === CR && decodeHostBytes(bytes.subarray(span.start, end - 1)) === text;
}
