import fc from 'fast-check';
import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/text/width.ts';
import { drawField, fieldText, paste, textField, typeKey } from '../../src/tui/asking/text-field.ts';
import { CHECKLIST_KEYS } from '../../src/tui/keys/keymap.ts';
import { pressesOf } from '../../src/tui/keys/keys.ts';
import { cutRow, fitRow, rowWidth, span, spread, wrapText } from '../../src/tui/look/cells.ts';
import { foreign, paint, themeFor, toAscii } from '../../src/tui/look/theme.ts';
import { follow, outOfSight } from '../../src/tui/look/viewport.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map(foreign);
const row = fc.array(
  text.map((one) => span(one)),
  { maxLength: 5 },
);
const columns = fc.integer({ min: 1, max: 60 });

describe('rows', () => {
  it('are cut to what there is, and filled to exactly that', () => {
    fc.assert(
      fc.property(row, columns, (parts, width) => {
        expect(rowWidth(cutRow(parts, width))).toBeLessThanOrEqual(width);
        expect(rowWidth(fitRow(parts, width))).toBe(width);
        expect(rowWidth(spread(parts, [span('12')], width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('show with a mark that something was cut', () => {
    expect(cutRow([span('abc'), span('def')], 4)).toEqual([span('abc'), span('…')]);
    expect(cutRow([span('abc'), span('def')], 3)).toEqual([span('ab…')]);
    expect(cutRow([span('abc')], 3)).toEqual([span('abc')]);
  });

  it('wrap at blanks, within the columns, without losing a character', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 30 }), (whole, width) => {
        const lines = wrapText(whole, width);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(whole.replaceAll(' ', ''));
      }),
    );
  });

  it('take as many columns in ASCII as before', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(toAscii(one).length).toBe(textWidth(one));
      }),
    );
    const theme = themeFor({ ascii: true }, { NO_COLOR: '1' });
    expect(paint([span('✔ done · 漢', 'good')], 14, theme)).toBe('+ done . ??   ');
  });
});

describe('the window on a list', () => {
  it('never shows what is not there and always the cursor', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 200 }),
        fc.nat(199),
        (top, height, total, cursor) => {
          const at = Math.min(cursor, total - 1);
          const seen = follow(top, height, total, at);
          expect(seen.top).toBeGreaterThanOrEqual(0);
          expect(seen.top).toBeLessThanOrEqual(Math.max(0, total - height));
          expect(at).toBeGreaterThanOrEqual(seen.top);
          expect(at).toBeLessThan(seen.top + height);
        },
      ),
    );
  });

  it('moves by half a page, and not while the cursor is in sight', () => {
    expect(follow(0, 10, 100, 9).top).toBe(0);
    expect(follow(0, 10, 100, 10).top).toBe(5);
    expect(follow(5, 10, 100, 4).top).toBe(0);
    expect(follow(50, 10, 100, null).top).toBe(50);
    expect(outOfSight({ top: 3, height: 10, total: 20 })).toBe('↑ 3 ↓ 7');
    expect(outOfSight({ top: 0, height: 10, total: 10 })).toBe('');
  });
});

describe('a text field', () => {
  const press = (name: string) => ({ name, text: name.length === 1 ? name : '' });
  const type = (...names: string[]) =>
    names.reduce((field, name) => typeKey(field, press(name)), textField());

  it('edits as a shell does', () => {
    expect(fieldText(type('a', 'b', 'left', 'c'))).toBe('acb');
    expect(fieldText(type('a', 'b', 'backspace', 'backspace', 'backspace'))).toBe('');
    expect(fieldText(type('a', 'b', 'home', 'delete', 'end', 'c'))).toBe('bc');
    expect(fieldText(type('a', 'b', 'left', 'ctrl+u'))).toBe('b');
    expect(fieldText(type('a', 'b', 'left', 'ctrl+k'))).toBe('a');
    expect(fieldText(typeKey(textField('one two  '), press('ctrl+w')))).toBe('one ');
    expect(fieldText(type('f1', 'alt+x'))).toBe('');
  });

  it('takes a paste as one line, however long', () => {
    expect(fieldText(paste(textField('a'), 'b\r\nc\td'))).toBe('ab c d');
    expect(fieldText(paste(textField(), 'x'.repeat(1_000_000))).length).toBe(4000);
  });

  it('shows what is around the cursor, and no secret', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (typed, width) => {
        expect(rowWidth(drawField(textField(typed), width, false))).toBeLessThanOrEqual(width + 1);
      }),
    );
    expect(
      drawField(textField('hunter2'), 20, true)
        .map((one) => one.text)
        .join(''),
    ).toBe('*******▏');
  });
});

describe('keys', () => {
  const none: Key = {
    upArrow: false,
    downArrow: false,
    leftArrow: false,
    rightArrow: false,
    pageDown: false,
    pageUp: false,
    home: false,
    end: false,
    return: false,
    escape: false,
    ctrl: false,
    shift: false,
    tab: false,
    backspace: false,
    delete: false,
    meta: false,
    super: false,
    hyper: false,
    capsLock: false,
    numLock: false,
  };
  const names = (input: string, key: Partial<Key> = {}) =>
    pressesOf(input, { ...none, ...key }).map((one) => one.name);

  it('are taken one by one when they come together', () => {
    expect(names('ab \r\u0003')).toEqual(['a', 'b', 'space', 'enter', 'ctrl+c']);
    expect(names('é漢')).toEqual(['é', '漢']);
    expect(names('c', { ctrl: true })).toEqual(['ctrl+c']);
    expect(names('', { tab: true, shift: true })).toEqual(['shift+tab']);
    expect(names('a', { eventType: 'release' })).toEqual([]);
  });

  it('each mean one thing', () => {
    const all = CHECKLIST_KEYS.flatMap((binding) => binding.keys);
    expect(new Set(all).size).toBe(all.length);
    for (const { help } of CHECKLIST_KEYS) expect(help).not.toBe('');
  });
});

describe('the theme', () => {
  it('goes by NO_COLOR, TERM and the locale', () => {
    expect(themeFor({}, { LANG: 'en_US.UTF-8' }).isAscii).toBe(false);
    expect(themeFor({}, { LC_ALL: 'C', LANG: 'en_US.UTF-8' }).isAscii).toBe(true);
    expect(themeFor({ ascii: false }, { LC_ALL: 'C' }).isAscii).toBe(false);
    expect(themeFor({}, { NO_COLOR: '1' }).styles.bad).toBe('');
    expect(themeFor({}, { NO_COLOR: '' }).styles.bad).not.toBe('');
    expect(themeFor({}, {}).isAscii).toBe(false);
  });
});
