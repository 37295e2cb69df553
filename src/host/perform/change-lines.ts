import type { LineRef } from '../../operations/identity.ts';
import type { EditFile } from '../../operations/operation.ts';
import { decodeHostBytes, encodeHostBytes } from '../../text/host-bytes.ts';
import { redact } from '../../text/redact.ts';
import { count } from './outcome.ts';

export type LinesChanged =
  | { readonly status: 'changed'; readonly bytes: Uint8Array }
  /** A line is not where it was planned, or not what it was. */
  | { readonly status: 'stale'; readonly what: string };

export type LineChanges = Pick<EditFile, 'removeLines' | 'replaceLines' | 'insertLines'>;

/**
 * Removes, replaces and inserts exact lines of a file's bytes. All else stays byte for byte: CRLF, NULs, what is no
 * UTF-8, a last line without an end. A line goes with its line end; a replaced one keeps it; its number and its text
 * must both be as planned. A text may be given with or without the CR of a CRLF. An inserted line gets the line end
 * of the line above (at the top: below) it; put below a last line without an end, it is the one without.
 */
export function changeLines(bytes: Uint8Array, changes: LineChanges): LinesChanged {
  const spans = splitLines(bytes);
  const { removeLines, replaceLines = [], insertLines = [] } = changes;
  const named = [
    ...removeLines,
    ...replaceLines.map(({ line }) => line),
    ...insertLines.flatMap(({ below }) => (below === null ? [] : [below])),
  ];
  for (const { number, text } of named) {
    const span = spans[number - 1];
    if (span === undefined)
      return { status: 'stale', what: `it has no line ${number} (only ${spans.length})` };
    if (!isText(bytes, span, text)) return { status: 'stale', what: `line ${number} is not what it was` };
  }
  const gone = new Set(removeLines.map(({ number }) => number));
  const replaced = new Map(replaceLines.map(({ line, text }) => [line.number, text]));
  const pieces: Piece[] = insertedBelow(0, insertLines, bytes, spans[0]);
  for (const [index, span] of spans.entries()) {
    const number = index + 1;
    const text = replaced.get(number);
    if (!gone.has(number))
      pieces.push({
        body: text === undefined ? bodyOf(bytes, span) : encodeHostBytes(text),
        end: endOf(bytes, span),
      });
    pieces.push(...insertedBelow(number, insertLines, bytes, span));
  }
  return { status: 'changed', bytes: joined(pieces, bytes, changes) };
}

/** Why these changes make no sense, whatever the file; null if they do. */
export function whyNoChange(changes: LineChanges): string | null {
  const { removeLines, replaceLines = [], insertLines = [] } = changes;
  if (removeLines.length + replaceLines.length + insertLines.length === 0) return 'no line was named';
  const numbers = [...removeLines, ...replaceLines.map(({ line }) => line)].map(({ number }) => number);
  const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
  if (twice !== undefined) return `line ${twice} is named twice`;
  const texts = [...replaceLines, ...insertLines].map(({ text }) => text);
  return texts.some((text) => text.includes('\n')) ? 'a new line has a line break in it' : null;
}

/** `2 lines removed, 1 line inserted` */
export function sentenceOf(
  { removeLines, replaceLines = [], insertLines = [] }: LineChanges,
  lead = '',
): string {
  const parts = [
    [removeLines.length, 'removed'],
    [replaceLines.length, 'replaced'],
    [insertLines.length, 'inserted'],
  ] as const;
  const said = parts.flatMap(([number, what]) => (number === 0 ? [] : [`${count(number, 'line')} ${what}`]));
  return `${lead === '' ? '' : `${lead} `}${said.join(', ')}`;
}

/** How many lines of a file have this text. */
export function countLines(bytes: Uint8Array, text: string): number {
  return splitLines(bytes).filter((span) => isText(bytes, span, text)).length;
}

interface Piece {
  readonly body: Uint8Array;
  readonly end: Uint8Array;
}

interface Span {
  readonly start: number;
  /** After the line end, if it has one. */
  readonly end: number;
}

const LF = 0x0a;
const CR = 0x0d;
const NO_END = new Uint8Array();

function insertedBelow(
  number: number,
  insertions: NonNullable<EditFile['insertLines']>,
  bytes: Uint8Array,
  neighbour: Span | undefined,
): Piece[] {
  const end = neighbour === undefined ? NO_END : endOf(bytes, neighbour);
  return insertions
    .filter(({ below }) => (below?.number ?? 0) === number)
    .map(({ text }) => ({ body: encodeHostBytes(text), end }));
}

/** A line that has got another below it needs an end; one that was last without an end and still is, does not. */
function joined(pieces: readonly Piece[], bytes: Uint8Array, { insertLines = [] }: LineChanges): Uint8Array {
  if (insertLines.length === 0) return Buffer.concat(pieces.flatMap(({ body, end }) => [body, end]));
  const usual = endOf(bytes, splitLines(bytes)[0] ?? { start: 0, end: 0 });
  const missing = usual.length > 0 ? usual : Uint8Array.of(LF);
  const isEmpty = bytes.length === 0;
  return Buffer.concat(
    pieces.flatMap(({ body, end }, index) => {
      const needsEnd = end.length === 0 && (isEmpty || index < pieces.length - 1);
      return [body, needsEnd ? missing : end];
    }),
  );
}

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

/** The line end: LF, CR LF, or nothing. */
function endOf(bytes: Uint8Array, { start, end }: Span): Uint8Array {
  if (bytes[end - 1] !== LF || end <= start) return NO_END;
  return bytes.subarray(end - 2 >= start && bytes[end - 2] === CR ? end - 2 : end - 1, end);
}

function bodyOf(bytes: Uint8Array, span: Span): Uint8Array {
  return bytes.subarray(span.start, span.end - endOf(bytes, span).length);
}

/** A text may have had its secrets taken out (findings/without-secrets.ts); the file's own hash was compared before. */
function isText(bytes: Uint8Array, span: Span, text: LineRef['text']): boolean {
  let end = span.end;
  if (bytes[end - 1] === LF) end -= 1;
  const isIt = (line: string): boolean =>
    line === text || (text.includes('[redacted ') && redact(line) === text);
  if (isIt(decodeHostBytes(bytes.subarray(span.start, end)))) return true;
  return bytes[end - 1] === CR && isIt(decodeHostBytes(bytes.subarray(span.start, end - 1)));
}
