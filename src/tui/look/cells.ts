import { textWidth, truncate } from '../../text/width.ts';

/** What a piece of text is for; how it looks is the theme's business. Colour never carries meaning alone. */
export type StyleName = 'dim' | 'strong' | 'title' | 'good' | 'warn' | 'bad' | 'accent' | 'mark';

/** Text of one style within one line of the screen. The text must be printable() already. */
export interface Span {
  readonly text: string;
  readonly style?: StyleName;
  /** Where it leads (OSC 8): an address of our own making, in plain ASCII. */
  readonly href?: string;
}

/** One line of the screen, or of a part of it. */
export type Row = readonly Span[];

export const BLANK: Row = [];

export function span(text: string, style?: StyleName): Span {
  return style === undefined ? { text } : { text, style };
}

/** Text that leads somewhere. @throws if the address holds anything but printable ASCII: it would end the link early. */
export function linked(text: string, href: string, style?: StyleName): Span {
  if (!/^[\x21-\x7e]+$/.test(href)) throw new Error('an address of printable ASCII was expected');
  return { ...span(text, style), href };
}

export function rowOf(text: string, style?: StyleName): Row {
  return [span(text, style)];
}

export function rowWidth(row: Row): number {
  return row.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** At most so many columns, with a mark where something was left out. */
export function cutRow(row: Row, columns: number): Row {
  if (rowWidth(row) <= columns) return row;
  const out: Span[] = [];
  let left = columns;
  const parts = row.filter(({ text }) => text !== '');
  for (const [index, part] of parts.entries()) {
    if (left <= 0) break;
    const { text } = part;
    const width = textWidth(text);
    // What just fits is cut as well when more follows: the mark needs a column.
    if (width < left || (width === left && index === parts.length - 1)) {
      out.push(part);
      left -= width;
    } else {
      const cut = width === left ? `${truncate(text, left - 1, { mark: '' })}…` : truncate(text, left);
      out.push({ ...part, text: cut });
      break;
    }
  }
  return out;
}

/** Exactly so many columns: cut or filled with spaces. */
export function fitRow(row: Row, columns: number): Row {
  const cut = cutRow(row, columns);
  const missing = columns - rowWidth(cut);
  return missing > 0 ? [...cut, span(' '.repeat(missing))] : cut;
}

/** `left` at the left, `right` at the right end; `right` stays whole and `left` is cut when both do not fit. */
export function spread(left: Row, right: Row, columns: number): Row {
  const rightWidth = rowWidth(right);
  if (rightWidth === 0) return cutRow(left, columns);
  if (rightWidth >= columns) return cutRow(right, columns);
  return [...fitRow(left, columns - rightWidth - 1), span(' '), ...right];
}

/** Own or printable text in lines of at most so many columns, broken at blanks where that is possible. */
export function wrapText(text: string, columns: number): readonly string[] {
  const width = Math.max(1, columns);
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) lines.push(...wrapParagraph(paragraph, width));
  return lines;
}

function wrapParagraph(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.trimEnd().split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined) <= columns) {
      line = joined;
      continue;
    }
    if (line.trim() !== '') lines.push(line);
    line = word;
    while (textWidth(line) > columns) {
      const piece = truncate(line, columns, { mark: '' });
      if (piece === '') break;
      lines.push(piece);
      line = line.slice(piece.length);
    }
  }
  lines.push(line);
  return lines;
}

/** Wrapped rows: the first behind `lead`, the others as far in. */
export function wrapRows(lead: Row, text: string, columns: number, style?: StyleName): readonly Row[] {
  const indent = rowWidth(lead);
  return wrapText(text, columns - indent).map((line, index) =>
    index === 0 ? [...lead, span(line, style)] : [span(' '.repeat(indent)), span(line, style)],
  );
}

/** Two blocks of equal height side by side; the left one exactly `leftColumns` wide. */
export function beside(left: readonly Row[], leftColumns: number, right: readonly Row[]): readonly Row[] {
  return left.map((row, index) => [...fitRow(row, leftColumns), ...(right[index] ?? BLANK)]);
}
