import { isPartOfRedaction } from '../../text/redact.ts';
import { linesOf, showableLines } from './output-text.ts';

/** What is looked for: small letters find both, a capital is meant. */
export interface Query {
  readonly text: string;
  readonly isExact: boolean;
  /** It may be found in words that stand in a secret's place, and nowhere in the output itself. */
  readonly isOfRedaction: boolean;
}

export function queryOf(text: string): Query {
  return { text, isExact: /\p{Lu}/u.test(text), isOfRedaction: isPartOfRedaction(text) };
}

/** Shown as it came, but for its secrets. */
const PLAIN = /^[\x20-\x7e\n]*$/;

/**
 * Index of the first line of a piece of output that holds the query as it would be shown, or of the last; null if
 * there is none. Most of a long output is passed over as bytes: making a line showable costs a hundred times as much.
 */
export function findLine(bytes: Uint8Array, query: Query, direction: 1 | -1): number | null {
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (!query.isOfRedaction && PLAIN.test(piece) && !mayShow(piece, query)) return null;
  const lines = linesOf(bytes);
  const candidates = new Set<number>();
  for (const [index, line] of lines.entries()) if (mayShow(line, query)) candidates.add(index);
  if (candidates.size === 0) return null;
  const shown = showableLines(lines, candidates);
  const holds = (line: string) => (query.isExact ? line : line.toLowerCase()).includes(query.text);
  const at = direction === 1 ? shown.findIndex(holds) : shown.findLastIndex(holds);
  return at < 0 ? null : at;
}

function mayShow(text: string, query: Query): boolean {
  return query.isOfRedaction || !PLAIN.test(text) || text.toLowerCase().includes(query.text.toLowerCase());
}
