/**
 * Hostile text made safe to show: whatever a host put into a name, a command line or an output, the result
 * fills its own cells of a terminal and does nothing else (no cursor moves, no title, no clipboard, no text
 * that runs backwards or hides).
 *
 * Shown instead of themselves: control characters as `\n` `\r` `\t` `\x1b`; raw bytes that are not UTF-8
 * (text/host-bytes.ts) as `\xff`; everything that is invisible, reorders text or has no agreed width as
 * `\u202e` or `\u{e0041}`. Ordinary writing of any language stays, with at most {@link MAX_MARKS} combining
 * marks on one character. A backslash stays as it is, so this is for reading and not for parsing back.
 *
 * `keepNewlines` keeps `\n` and turns tabs into spaces (stops every 8 characters), for blocks of output.
 * `asciiOnly` escapes all that is not ASCII, for terminals that show nothing else.
 */
export function printable(
  text: string,
  options: { readonly keepNewlines?: boolean; readonly asciiOnly?: boolean } = {},
): string {
  if (PLAIN.test(text)) return text;
  const shown =
    options.keepNewlines === true ? text.split('\n').map(printableLine).join('\n') : escapeHidden(text);
  return options.asciiOnly === true ? shown.replace(/[^\x20-\x7e\n]/gu, escapeCharacter) : shown;
}

/** More combining marks than this on one character pile up over the lines above it. */
export const MAX_MARKS = 4;

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Controls, formats, lone surrogates, private use, not assigned (no agreed width), line and paragraph
 * separators, all that Unicode calls default-ignorable (zero-width, variation selectors, tags, fillers),
 * the blank braille pattern, and every space but the ordinary and the ideographic one.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}\u2800]|(?![ \u3000])\p{Zs}/u;

/** Joins the character before it: combining marks, skin tones, the later parts of a Hangul syllable. */
const JOINS = /[\p{M}\p{EMod}\u1160-\u11ff\ud7b0-\ud7fb]/u;

const ODD = new RegExp(`${HIDDEN.source}|${JOINS.source}`, 'u');

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeHidden(text: string): string {
  if (!ODD.test(text)) return text;
  let out = '';
  // Nothing to join at the start: a mark there would change a cell that is not ours.
  let marks = MAX_MARKS;
  for (const character of text) {
    if (PLAIN.test(character)) {
      out += character;
      marks = 0;
    } else if (HIDDEN.test(character)) {
      out += escapeCharacter(character);
      marks = MAX_MARKS;
    } else if (JOINS.test(character)) {
      out += marks < MAX_MARKS ? character : escapeCharacter(character);
      marks += 1;
    } else {
      out += character;
      marks = 0;
    }
  }
  return out;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return SHORT[character] ?? `\\x${hex(code, 2)}`;
  // A byte that decodeHostBytes could not read.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  return code > 0xffff ? `\\u{${hex(code, 1)}}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

function printableLine(line: string): string {
  return escapeHidden(line.includes('\t') ? expandTabs(line) : line);
}

function expandTabs(line: string): string {
  let out = '';
  let column = 0;
  for (const character of line) {
    const piece = character === '\t' ? ' '.repeat(8 - (column % 8)) : character;
    out += piece;
    column += character === '\t' ? piece.length : 1;
  }
  return out;
}
