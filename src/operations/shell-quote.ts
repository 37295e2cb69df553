import { encodeHostBytes } from '../text/host-bytes.ts';

/**
 * A word as a person would type it at a shell so that the program gets exactly these bytes. For showing only:
 * nothing in tourniquet is ever run from quoted text.
 *
 * Plain words stay bare. Others are single-quoted; what cannot be seen or is not valid UTF-8 (control and bidi
 * characters, zero-width marks, surrogate-escaped bytes) becomes `$'\xff'` (POSIX.1-2024, 2.2.4), each run of
 * them quoted apart so that no letter after it can be read as a hexadecimal digit. The result has no
 * character that could move the cursor or reorder the line.
 */
export function shellQuote(word: string): string {
  if (word === '') return "''";
  if (BARE.test(word)) return word;
  let out = '';
  for (const part of word.split(UNSEEN_RUN)) {
    if (part === '') continue;
    out += UNSEEN.test(part) ? `$'${escapeBytes(part)}'` : quoteSeen(part);
  }
  return out;
}

/** Words joined to one command line. */
export function shellCommand(argv: readonly string[]): string {
  return argv.map(shellQuote).join(' ');
}

/** `=` only in an option: elsewhere a shell may take the word for an assignment. */
const BARE = /^(?:[A-Za-z0-9_@%+:,./-]+|-[A-Za-z0-9_@%+=:,./-]+)$/;
/** Control, format (bidi, zero-width), surrogate, private-use, unassigned and separator characters but the plain space. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u3164\uffa0]/u;
const UNSEEN_RUN = /([\p{C}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u3164\uffa0]+)/u;
const SHORT: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r' };

/** A single quote cannot stand within single quotes: it is put between them, escaped. */
function quoteSeen(text: string): string {
  return text
    .split("'")
    .map((piece) => (piece === '' ? '' : BARE.test(piece) ? piece : `'${piece}'`))
    .join("\\'");
}

function escapeBytes(text: string): string {
  return Array.from(
    encodeHostBytes(text),
    (byte) => SHORT[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}
