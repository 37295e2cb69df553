import type { Grid, GridRow } from './grid.ts';
import { changeStyle, lookOfBlank, type Style } from './style.ts';

/**
 * What to write so that a terminal that shows `before` shows `after`; '' if that is the same. The terminal must
 * not wrap at its last column (DECAWM off) and have a plain style, and is left so. `before` null: nothing is known
 * of what it shows.
 */
export function encode(before: Grid | null, after: Grid): string {
  const isSameSize = before?.columns === after.columns && before.rows.length === after.rows.length;
  const pencil = new Pencil(after.columns);
  for (const [index, row] of after.rows.entries()) {
    paintRow(pencil, index, isSameSize ? (before.rows[index] ?? null) : null, row);
  }
  return pencil.finish();
}

function paintRow(pencil: Pencil, row: number, before: GridRow | null, after: GridRow): void {
  if (before === after) return;
  const hasTail = after.tail !== '' || (before !== null && before.tail !== '');
  const isTailSame =
    before !== null && before.tail === after.tail && before.chars.length === after.chars.length;
  if (!hasTail || isTailSame) {
    paintCells(pencil, row, before, after, after.chars.length);
    return;
  }
  // Where a terminal draws what is behind this column cannot be known: all of that goes, and is drawn anew.
  let sure = Math.min(before?.chars.length ?? after.chars.length, after.chars.length);
  if (after.chars[sure] === '') sure -= 1;
  paintCells(pencil, row, before, after, sure);
  pencil.moveTo(row, sure);
  pencil.eraseToEnd();
  const end = after.tail === '' ? firstOfBlankEnd(after) : after.chars.length;
  for (let column = sure; column < end; column++) pencil.put(after, column);
  pencil.tail(after.tail);
}

/** The cells left of a column that differ. */
function paintCells(
  pencil: Pencil,
  row: number,
  before: GridRow | null,
  after: GridRow,
  until: number,
): void {
  const blankFrom = until === after.chars.length && after.tail === '' ? firstOfBlankEnd(after) : until;
  for (let column = 0; column < until; column++) {
    if (isSame(before, after, column) || after.chars[column] === '') continue;
    if (column >= blankFrom) {
      // All of it, also what was blank: a blank end is not to be copied from the terminal as spaces.
      pencil.moveTo(row, blankFrom, after);
      pencil.eraseToEnd();
      return;
    }
    pencil.moveTo(row, column, after);
    pencil.put(after, column);
  }
}

function isSame(before: GridRow | null, after: GridRow, column: number): boolean {
  const char = after.chars[column] ?? '';
  return (
    before?.chars[column] === char && isAlike(char, before.styles[column] ?? '', after.styles[column] ?? '')
  );
}

/** Whether a character looks the same in both styles: a blank shows few of them. */
function isAlike(char: string, one: Style, other: Style): boolean {
  return one === other || (char === ' ' && lookOfBlank(one) === lookOfBlank(other));
}

function firstOfBlankEnd({ chars, styles }: GridRow): number {
  let column = chars.length;
  while (column > 0 && chars[column - 1] === ' ' && styles[column - 1] === '') column -= 1;
  return column;
}

/** Writes cells with as few bytes for moves and styles as it can, and knows where it stands. */
class Pencil {
  readonly #columns: number;
  #out = '';
  #style: Style = '';
  #row = -1;
  /** -1: not known. */
  #column = -1;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** `cells`: those of this row, which may be written over once more where that is shorter than moving. */
  moveTo(row: number, column: number, cells?: GridRow): void {
    if (row === this.#row && column === this.#column) return;
    const gap = column - this.#column;
    if (row !== this.#row || this.#column < 0 || gap < 0) {
      this.#out += row === 0 && column === 0 ? '\u001b[H' : `\u001b[${row + 1};${column + 1}H`;
    } else if (cells !== undefined && this.#canRewrite(cells, column)) {
      this.#out += cells.chars.slice(this.#column, column).join('');
    } else {
      this.#out += gap === 1 ? '\u001b[C' : `\u001b[${gap}C`;
    }
    this.#row = row;
    this.#column = column;
  }

  put({ chars, styles }: GridRow, column: number): void {
    const char = chars[column] ?? '';
    if (char === '') return;
    const style = styles[column] ?? '';
    if (!isAlike(char, this.#style, style)) this.#toStyle(style);
    this.#out += char;
    const next = column + (chars[column + 1] === '' ? 2 : 1);
    // At the last column terminals differ about where the cursor is.
    this.#column = next >= this.#columns ? -1 : next;
  }

  eraseToEnd(): void {
    // Erased cells take the colour of the moment.
    this.#toStyle('');
    this.#out += '\u001b[K';
  }

  tail(text: string): void {
    if (text === '') return;
    this.#toStyle('');
    this.#out += text;
    this.#column = -1;
  }

  finish(): string {
    this.#toStyle('');
    return this.#out;
  }

  #toStyle(style: Style): void {
    this.#out += changeStyle(this.#style, style);
    this.#style = style;
  }

  #canRewrite({ chars, styles }: GridRow, column: number): boolean {
    let bytes = 0;
    for (let at = this.#column; at < column; at++) {
      bytes += Buffer.byteLength(chars[at] ?? '');
      if (bytes > 4 || !isAlike(chars[at] ?? '', styles[at] ?? '', this.#style)) return false;
    }
    return true;
  }
}
