import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../../src/text/printable.ts';
import { fitWidth, padEnd, textWidth, truncate } from '../../src/text/width.ts';

test.each([
  ['kworkerds', 9, 'kworkerds'],
  ['kworkerds', 5, 'kwor…'],
  ['kworkerds', 1, '…'],
  ['kworkerds', 0, ''],
  ['日本語日本語', 5, '日本…'],
  ['日本語日本語', 6, '日本…'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
])('%s in %d columns is %s', (text, columns, cut) => {
  expect(truncate(text, columns)).toBe(cut);
});

test('a path can keep both ends, and an ASCII terminal has its own mark', () => {
  expect(truncate('/var/tmp/.hidden/kworkerds', 15, { keep: 'ends' })).toBe('/var/tm…orkerds');
  expect(truncate('/var/tmp/.hidden/kworkerds', 10, { mark: '..' })).toBe('/var/tmp..');
});

test('padding counts columns, not characters', () => {
  expect(padEnd('日本', 6)).toBe('日本  ');
  expect(padEnd('abc', 2)).toBe('abc');
  expect(fitWidth('日本語', 4)).toBe('日… ');
});

test('a cut text is never wider than asked, and a fitted one exactly as wide', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0, max: 30 }),
      fc.boolean(),
      (raw, columns, ends) => {
        const text = printable(raw);
        const options = ends ? ({ keep: 'ends' } as const) : {};
        expect(textWidth(truncate(text, columns, options))).toBeLessThanOrEqual(columns);
        expect(textWidth(fitWidth(text, columns, options))).toBe(columns);
      },
    ),
  );
});
