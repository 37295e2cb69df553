import stringWidth from 'string-width';

/** Columns that a printable() text takes on a terminal. */
export function textWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/**
 * A printable() text cut to at most so many columns, with a mark where something was left out. Never cuts
 * through a character. `keep: 'ends'` cuts in the middle, for paths; `mark` is for ASCII terminals.
 */
export function truncate(
  text: string,
  columns: number,
  options: { readonly keep?: 'start' | 'ends'; readonly mark?: string } = {},
): string {
  if (columns <= 0) return '';
  if (textWidth(text) <= columns) return text;
  const mark = options.mark ?? '…';
  const room = columns - textWidth(mark);
  if (room <= 0) return takeColumns(charactersOf(mark), columns);
  const characters = charactersOf(text);
  if (options.keep !== 'ends') return takeColumns(characters, room) + mark;
  const end = takeColumns(characters.reverse(), Math.floor(room / 2), true);
  return takeColumns(characters.reverse(), room - textWidth(end)) + mark + end;
}

/** Filled with spaces up to so many columns; as it is if it is wider. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}

/** Exactly so many columns: cut or filled. */
export function fitWidth(
  text: string,
  columns: number,
  options: Parameters<typeof truncate>[2] = {},
): string {
  return padEnd(truncate(text, columns, options), columns);
}

const PLAIN = /^[\x20-\x7e]*$/;

function takeColumns(characters: readonly string[], columns: number, isReversed = false): string {
  const taken: string[] = [];
  let width = 0;
  for (const character of characters) {
    width += textWidth(character);
    if (width > columns) break;
    taken.push(character);
  }
  return (isReversed ? taken.reverse() : taken).join('');
}

// Made when first needed: loading a segmenter's data takes longer than the first screen has.
let segmenter: Intl.Segmenter | null = null;

function charactersOf(text: string): string[] {
  if (PLAIN.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), (part) => part.segment);
}
