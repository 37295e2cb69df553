import { expect, test } from 'vitest';
import { asSentence, formatAgo, formatBytes, formatClock, formatDuration } from '../../src/text/format.ts';

test.each([
  [0, '0 B'],
  [812, '812 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1536, '1.5 kB'],
  [9949, '9.9 kB'],
  [9950, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [214_000_000, '214 MB'],
  [3.2e12, '3.2 TB'],
])('%d bytes read %s', (size, text) => {
  expect(formatBytes(size)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [350, '350 ms'],
  [999.4, '999 ms'],
  [1000, '1.0 s'],
  [4200, '4.2 s'],
  [9949, '9.9 s'],
  [9950, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 m 00 s'],
  [65_000, '1 m 05 s'],
  [3_599_499, '59 m 59 s'],
  [3_599_500, '1 h 00 m'],
  [7_620_000, '2 h 07 m'],
  [86_370_000, '1 d 00 h'],
  [273_600_000, '3 d 04 h'],
  [-5, '0 ms'],
])('%d ms read %s', (duration, text) => {
  expect(formatDuration(duration)).toBe(text);
});

test.each([
  [0, '00:00:00'],
  [461_999, '00:07:41'],
  [360_000_000, '100:00:00'],
  [-1, '00:00:00'],
])('%d ms on a clock are %s', (elapsed, text) => {
  expect(formatClock(elapsed)).toBe(text);
});

test.each([
  [5000, 'just now'],
  [-5000, 'just now'],
  [660_000, '11 min ago'],
  [3_600_000, '1 h ago'],
  [47 * 3_600_000, '47 h ago'],
  [48 * 3_600_000, '2 d ago'],
])('%d ms before reads %s', (elapsed, text) => {
  expect(formatAgo(elapsed)).toBe(text);
});

test.each([
  ['it failed', 'it failed.'],
  ['It failed.', 'It failed.'],
  ['did it (really?)', 'did it (really?)'],
])('%s as a sentence is %s', (text, sentence) => {
  expect(asSentence(text)).toBe(sentence);
});
