import { applySgr, changeStyle, type Style } from './style.ts';
import { sureWidth } from './sure-width.ts';

/** One line of the screen. */
export interface GridRow {
  /** The character of each column, as far as all terminals agree where it stands; '' right of a wide one. */
  readonly chars: readonly string[];
  readonly styles: readonly Style[];
  /** What comes behind those, as it is to be written from a plain style on; '' for nothing. Leaves a plain style. */
  readonly tail: string;
}

/** A whole screen: so many rows, each of so many columns unless it has a tail. */
export interface Grid {
  readonly columns: number;
  readonly rows: readonly GridRow[];
}

/**
 * The cells of a frame of text, styles (SGR) and links (OSC 8), lines parted by `\n`; what goes beyond the size is
 * cut. Null if there is anything else in it.
 */
export function parseGrid(text: string, columns: number, rows: number): Grid | null {
  const lines = text.split('\n').slice(0, rows);
  const parsed: GridRow[] = [];
  let style: Style = '';
  for (const line of lines) {
    const row = knownRow(line, columns, style);
    if (row === null) return null;
    parsed.push(row.row);
    style = row.style;
  }
  while (parsed.length < rows) parsed.push(filled([], [], columns));
  return { columns, rows: parsed };
}

/** Of the rows that a frame had before, most are in it again: the same row is the same object. */
function knownRow(line: string, columns: number, start: Style): ParsedRow | null {
  if (start !== '') return parseRow(line, columns, start);
  if (columns !== knownColumns || known.size > MOST_KNOWN) {
    known.clear();
    knownColumns = columns;
  }
  const before = known.get(line);
  if (before !== undefined) return before;
  const row = parseRow(line, columns, start);
  if (row !== null) known.set(line, row);
  return row;
}

interface ParsedRow {
  readonly row: GridRow;
  /** What the next row begins with. */
  readonly style: Style;
}

const MOST_KNOWN = 400;
const known = new Map<string, ParsedRow>();
let knownColumns = 0;

const SGR = /\u001b\[([\d;:]*)m/y;
const LINK = /\u001b\]8;[^\u0000-\u001f\u007f]*(?:\u0007|\u001b\\)/y;
const LINK_END = '\u001b]8;;\u001b\\';

function parseRow(line: string, columns: number, start: Style): ParsedRow | null {
  const builder = new RowBuilder(columns, start);
  for (let at = 0; at < line.length; ) {
    const code = line.codePointAt(at) ?? 0;
    if (code === 0x1b) {
      const sgr = matchAt(SGR, line, at);
      const found = sgr ?? matchAt(LINK, line, at);
      if (found === null) return null;
      if (sgr === null) builder.link(found[0]);
      else if (!builder.restyle(sgr[0], sgr[1] ?? '')) return null;
      at += found[0].length;
      continue;
    }
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return null;
    const char = String.fromCodePoint(code);
    builder.add(char, code);
    at += char.length;
  }
  return { row: builder.finish(), style: builder.style };
}

class RowBuilder {
  style: Style;
  readonly #columns: number;
  readonly #chars: string[] = [];
  readonly #styles: Style[] = [];
  #tail: string | null = null;
  #hasLink = false;
  #isFull = false;

  constructor(columns: number, style: Style) {
    this.#columns = columns;
    this.style = style;
  }

  /** False where the parameters are not known. */
  restyle(sequence: string, parameters: string): boolean {
    const next = applySgr(this.style, parameters);
    if (next === null) return false;
    this.style = next;
    if (this.#tail !== null) this.#tail += sequence;
    return true;
  }

  link(sequence: string): void {
    this.#addToTail(sequence);
    this.#hasLink = true;
  }

  add(char: string, code: number): void {
    if (this.#tail !== null) this.#tail += char;
    if (this.#tail !== null || this.#isFull) return;
    const width = sureWidth(code);
    if (width === null) this.#addToTail(char);
    else if (this.#chars.length + width > this.#columns) this.#isFull = true;
    else this.#push(width === 2 ? [char, ''] : [char]);
  }

  finish(): GridRow {
    const [chars, styles] = [this.#chars, this.#styles];
    if (this.#tail === null) return filled(chars, styles, this.#columns);
    const end = `${this.#hasLink ? LINK_END : ''}${this.#tail.includes('\u001b') ? '\u001b[m' : ''}`;
    return { chars, styles, tail: `${this.#tail}${end}` };
  }

  #push(chars: readonly string[]): void {
    for (const char of chars) {
      this.#chars.push(char);
      this.#styles.push(this.style);
    }
  }

  /** The character before goes along: a mark may join with it. */
  #addToTail(text: string): void {
    if (this.#tail === null) {
      if (this.#chars.at(-1) === '') {
        this.#chars.pop();
        this.#styles.pop();
      }
      const style = this.#styles.pop() ?? this.style;
      this.#tail = `${changeStyle('', style)}${this.#chars.pop() ?? ''}${changeStyle(style, this.style)}`;
    }
    this.#tail += text;
  }
}

function filled(chars: string[], styles: Style[], columns: number): GridRow {
  while (chars.length < columns) {
    chars.push(' ');
    styles.push('');
  }
  return { chars, styles, tail: '' };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
