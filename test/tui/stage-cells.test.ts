import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/tui/stage/encode.ts';
import { type Grid, parseGrid } from '../../src/tui/stage/grid.ts';
import { applySgr, changeStyle } from '../../src/tui/stage/style.ts';

/** Characters that all terminals agree on, wide ones among them. */
const SURE = fc.constantFrom(...' abcXYZ019·▶❯…✔✘┌│─█░äπЖ漢字カ가Ａ', ' ', ' ', '     ', 'word ');
/** Those that join, or that terminals differ about. */
const DOUBTFUL = fc.constantFrom(
  '🔥',
  '👨‍👩‍👧',
  '🇩🇪',
  'e\u0301',
  '\u0301',
  '✔\ufe0f',
  '❤️',
  '\u200d',
  '\u200b',
  'ก็',
  'ة',
  '⌚',
  '𝔘',
  '\u001b]8;;https://example.org\u001b\\link\u001b]8;;\u001b\\',
);
const STYLED = fc.constantFrom(
  ...[
    '0',
    '',
    '1',
    '2',
    '7',
    '1;36',
    '32',
    '0;31',
    '22',
    '27',
    '39',
    '4;48;5;17',
    '38;2;1;2;3',
    '49',
    '97',
  ].map((parameters) => `\u001b[${parameters}m`),
);

const sureLine = line(SURE, STYLED);
const anyLine = line(SURE, SURE, STYLED, DOUBTFUL);

function line(...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.array(fc.oneof(...parts), { maxLength: 30 }).map((all) => all.join(''));
}

/** Frames that follow one another, each with some lines as before. */
function frames(each: fc.Arbitrary<string>): fc.Arbitrary<{ columns: number; frames: string[] }> {
  return fc.record({
    columns: fc.integer({ min: 1, max: 40 }),
    frames: fc
      .array(fc.array(fc.option(each, { freq: 3 }), { minLength: ROWS, maxLength: ROWS }), {
        minLength: 2,
        maxLength: 5,
      })
      .map((all) => {
        let lines = Array.from({ length: ROWS }, () => '');
        return all.map((next) => {
          lines = lines.map((before, index) => next[index] ?? before);
          return `\u001b[m${lines.map((text) => `${text}\u001b[m`).join('\n')}`;
        });
      }),
  });
}

const ROWS = 4;

describe('only the cells that changed', () => {
  it('leave on a terminal what the whole frame would', async () => {
    await fc.assert(
      fc.asyncProperty(frames(anyLine), async ({ columns, frames: all }) => {
        let shown: Grid | null = null;
        const terminal = open(columns);
        for (const text of all) {
          const grid = parse(text, columns);
          await write(terminal, encode(shown, grid));
          shown = grid;
          const fresh = open(columns);
          await write(fresh, encode(null, grid));
          expect(look(terminal)).toEqual(look(fresh));
          fresh.dispose();
        }
        terminal.dispose();
      }),
      { numRuns: 80 },
    );
  });

  it('show what Ink wrote, for characters that terminals agree on', async () => {
    await fc.assert(
      fc.asyncProperty(frames(sureLine), async ({ columns, frames: all }) => {
        const text = all[0] ?? '';
        const [ours, plain] = [open(columns), open(columns)];
        await write(ours, encode(null, parse(text, columns)));
        // Line by line: what is too long for its line is cut.
        for (const [row, each] of text.split('\n').entries())
          await write(plain, `\u001b[${row + 1}H${cut(each, columns)}`);
        expect(look(ours)).toEqual(look(plain));
        for (const terminal of [ours, plain]) terminal.dispose();
      }),
      { numRuns: 60 },
    );
  });

  it('are none where nothing changed, and all where nothing is known', () => {
    const grid = parse('a\u001b[1mb\u001b[m', 20);
    expect(encode(grid, parse('\u001b[0ma\u001b[22;1mb\u001b[0m', 20))).toBe('');
    expect(encode(null, grid)).toContain('a\u001b[1mb');
    expect(encode(grid, parse('a\u001b[1mb\u001b[m', 21))).toContain('a');
  });

  it('are written with few bytes', () => {
    const before = parse('❯ one    \n  two    ', 20);
    expect(encode(before, parse('  one    \n❯ two    ', 20))).toBe('\u001b[H \u001b[2;1H❯');
    expect(encode(parse('12 s and more', 20), parse('13 s', 20))).toBe('\u001b[1;2H3 s\u001b[K');
  });

  it('are not told for anything but text, styles and links', () => {
    for (const text of [
      '\u001b[2J',
      'a\tb',
      '\u001b[5A',
      '\u001b]52;c;eA==\u0007',
      '\u001b[77m',
      '\u009b1m',
    ]) {
      expect(parseGrid(text, 20, 2)).toBeNull();
    }
  });
});

describe('styles', () => {
  it('have one name each', () => {
    expect(applySgr('', '36;1')).toBe('1;36');
    expect(applySgr('1;2;36', '22')).toBe('36');
    expect(applySgr('1;38;5;4', '39;7')).toBe('1;7');
    expect(applySgr('1;7', '')).toBe('');
    expect(applySgr('', '38;5')).toBeNull();
  });

  it('are changed by the shorter way', () => {
    expect(changeStyle('1', '1;36')).toBe('\u001b[36m');
    expect(changeStyle('1;36', '2')).toBe('\u001b[0;2m');
    expect(changeStyle('1;36', '')).toBe('\u001b[m');
  });
});

function parse(text: string, columns: number): Grid {
  const grid = parseGrid(text, columns, ROWS);
  if (grid === null) throw new Error(`not a frame: ${JSON.stringify(text)}`);
  return grid;
}

function cut(text: string, columns: number): string {
  let room = columns;
  let isFull = false;
  return text.replace(/\u001b\[[\d;]*m|./gu, (each) => {
    if (each.startsWith('\u001b')) return each;
    const width = /[漢字カ가Ａ]/u.test(each) ? 2 : 1;
    isFull ||= width > room;
    room -= width;
    return isFull ? '' : each;
  });
}

/** As the stage leaves it: no wrapping at the last column. What it shows at first is not blank. */
function open(columns: number): xterm.Terminal {
  return new xterm.Terminal({ cols: columns, rows: ROWS, allowProposedApi: true });
}

async function write(terminal: xterm.Terminal, bytes: string): Promise<void> {
  await new Promise<void>((done) => terminal.write(`\u001b[?7l${bytes}`, done));
}

/**
 * Every cell: its character, width and looks. Blank and never written are the same to the eye, and so are blanks
 * that differ in what only characters show.
 */
function look(terminal: xterm.Terminal): string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) => {
    const cells: string[] = [];
    for (let column = 0; column < terminal.cols; column++) {
      const cell = active.getLine(active.baseY + row)?.getCell(column);
      if (cell === undefined) continue;
      const char = cell.getChars() || (cell.getWidth() === 0 ? '' : ' ');
      const isBare =
        char === ' ' &&
        !cell.isUnderline() &&
        !cell.isInverse() &&
        !cell.isStrikethrough() &&
        cell.isBgDefault();
      const marks = isBare
        ? []
        : [
            cell.isBold(),
            cell.isDim(),
            cell.isItalic(),
            cell.isUnderline(),
            cell.isInverse(),
            cell.getFgColorMode(),
            cell.getFgColor(),
            cell.getBgColorMode(),
            cell.getBgColor(),
          ].map(Number);
      cells.push(`${char}/${cell.getWidth()}/${marks}`);
    }
    return cells.join(' ');
  });
}
