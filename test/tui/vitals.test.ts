import { expect, it } from 'vitest';
import { vitalsRows } from '../../src/tui/rows/vitals-rows.ts';

const text = (...args: Parameters<typeof vitalsRows>) =>
  vitalsRows(...args).map((row) => row.map(({ text: part }) => part).join(''));

it('draws what each look saw, the newest at the right, scaled to the most', () => {
  const vitals = [0, 50, 100, 25].map((busyPercent, index) => ({
    atMs: index,
    busyPercent,
    connections: index === 0 ? null : 2,
    droppedPackets: index === 2 ? 8 : 0,
  }));
  expect(text(vitals, 50)).toEqual([
    '',
    ' While it is watched',
    ' processor   ▁▅█▃ 25 %',
    ' connections  ███ 2',
    ' dropped     ▁▁█▁ 0 packets',
  ]);
});

it('shows as many looks as there is room for, and nothing before the first', () => {
  const vitals = Array.from({ length: 300 }, (_, atMs) => ({
    atMs,
    busyPercent: null,
    connections: 1,
    droppedPackets: 0,
  }));
  for (const row of text(vitals, 54)) expect(row.length).toBeLessThanOrEqual(54);
  expect(text(vitals, 54)[2]).toContain('not known');
  expect(text([], 54)).toEqual([]);
});
