import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHostBytes } from '../../src/text/host-bytes.ts';
import { MAX_MARKS, printable } from '../../src/text/printable.ts';

describe('what a host says is shown, never obeyed', () => {
  test.each([
    ['plain text stays', 'kworkerds (812) ~/.x?*', 'kworkerds (812) ~/.x?*'],
    ['nothing stays nothing', '', ''],
    ['escape sequences', '\x1b[31mred\x1b]0;title\x07', '\\x1b[31mred\\x1b]0;title\\x07'],
    ['carriage return, backspace, tab, newline', 'a\rb\bc\td\ne', 'a\\rb\\x08c\\td\\ne'],
    ['delete and nul', '\x7f\0', '\\x7f\\x00'],
    ['C1 controls', '\u009b31m\u0085', '\\u009b31m\\u0085'],
    ['bytes that are no UTF-8', decodeHostBytes(Uint8Array.of(0x61, 0xff, 0x80)), 'a\\xff\\x80'],
    ['other lone surrogates', '\ud800x\udfff', '\\ud800x\\udfff'],
    ['text turned round', 'cod\u202etxt.exe\u2066\u200f\u061c', 'cod\\u202etxt.exe\\u2066\\u200f\\u061c'],
    ['zero-width', 'ro\u200bot\ufeff\u2060\u00ad', 'ro\\u200bot\\ufeff\\u2060\\u00ad'],
    ['variation selectors and tags', 'a\ufe0fb\u{e0041}\u{e0100}', 'a\\ufe0fb\\u{e0041}\\u{e0100}'],
    [
      'fillers that look like a space',
      '\u3164\u115f\u2800\u00a0\u2003',
      '\\u3164\\u115f\\u2800\\u00a0\\u2003',
    ],
    ['line separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['private use and unassigned', '\ue0b0\u{10ffff}\ufffe', '\\ue0b0\\u{10ffff}\\ufffe'],
    ['joined emoji come apart', '👨\u200d👩', '👨\\u200d👩'],
    ['a mark with nothing to stand on', '\u0301a', '\\u0301a'],
    ['a mark after something that was made visible', '\x1b\u0338', '\\x1b\\u0338'],
  ])('%s', (_title, given, shown) => {
    expect(printable(given)).toBe(shown);
  });

  test.each([
    '日本語',
    'Ünïcödé',
    'здравствуй',
    'क्षि',
    '한국어',
    '🎉🦠',
    'e\u0301',
    'السلام',
    '全角\u3000空白',
  ])('ordinary writing stays: %s', (text) => {
    expect(printable(text)).toBe(text);
  });

  test('marks beyond the bound are shown beside the character', () => {
    const shown = printable(`e${'\u0301'.repeat(MAX_MARKS + 2)}x`);
    expect(shown).toBe(`e${'\u0301'.repeat(MAX_MARKS)}\\u0301\\u0301x`);
  });

  test('keepNewlines keeps line ends and turns tabs into columns, nothing else', () => {
    expect(printable('a\tb\n\x1b\tc\r\n\u0301', { keepNewlines: true })).toBe(
      'a       b\n\\x1b       c\\r\n\\u0301',
    );
  });
});

test('asciiOnly leaves nothing but ASCII', () => {
  expect(printable('é日🦠\x1b\n', { asciiOnly: true })).toBe('\\u00e9\\u65e5\\u{1f9a0}\\x1b\\n');
  expect(printable('é\nb', { asciiOnly: true, keepNewlines: true })).toBe('\\u00e9\nb');
});

/** Text as an attacker would write it: pieces of everything that terminals act on. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\x1b[2J',
        '\x1b[H',
        '\x1b[5A',
        '\x1b[10D',
        '\x1b]0;owned\x07',
        '\x1b]52;c;b3duZWQ=\x07',
        '\x1b[6n',
        '\x1b[?1049h',
        '\x1bc',
        '\x1b(0',
        '\x9b2J',
        '\x90q\x9c',
        '\x1bP$q"p\x1b\\',
        '\r',
        '\b\b\b',
        '\n',
        '\v',
        '\f',
        '\t',
        '\x0e',
        '\x7f',
        '\u0085',
        '\u202e',
        '\u2028',
        '\u200d',
        '\ufe0f',
        '\u0301',
        '\u0e33',
        '\u1161',
        '🏻',
        '🇩🇪',
        '日本',
        'é',
        'text',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.uint8Array({ maxLength: 6 }).map(decodeHostBytes),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

const COLUMNS = 400;
const ROWS = 5;

test('on a terminal, a printable text changes its own cells and nothing else', async () => {
  const told: string[] = [];
  const terminal = new Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  terminal.onTitleChange(() => told.push('title'));
  terminal.onBell(() => told.push('bell'));
  terminal.onData(() => told.push('answer'));
  terminal.onLineFeed(() => told.push('line feed'));
  terminal.onScroll(() => told.push('scroll'));
  terminal.parser.registerOscHandler(52, () => told.push('clipboard') > 0);
  const write = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve));

  await fc.assert(
    fc.asyncProperty(hostile, async (text) => {
      await write(`\x1bc${`\x1b[K${'#'.repeat(COLUMNS)}`.repeat(ROWS)}\x1b[3;6H`);
      told.length = 0;
      const modes = JSON.stringify(terminal.modes);
      await write(printable(text));
      const buffer = terminal.buffer.active;
      const endX = buffer.cursorX;
      expect(told).toEqual([]);
      expect(buffer.cursorY).toBe(2);
      expect(endX).toBeGreaterThanOrEqual(5);
      expect(buffer.type).toBe('normal');
      expect(JSON.stringify(terminal.modes)).toBe(modes);
      for (let row = 0; row < ROWS; row += 1) {
        for (let column = 0; column < COLUMNS; column += 1) {
          if (row === 2 && column >= 5 && column < endX) continue;
          // Half of a wide character that stood across the end of the text cannot be left: it was a #.
          expect(buffer.getLine(row)?.getCell(column)?.getChars()).toBe('#');
        }
      }
    }),
    { numRuns: 120 },
  );
  terminal.dispose();
});

test('made printable again, it stays as it is', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(printable(printable(text))).toBe(printable(text));
    }),
  );
});
