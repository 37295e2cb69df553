import type { Grid, GridRow } from './grid.ts';

/**
 * The same screen with `after` in place of `before` in its first row; null unless that row has it exactly once and
 * `after` fits into the same cells. Both are ASCII.
 */
export function rewritten(grid: Grid, before: string, after: string): Grid | null {
  const [first, ...others] = grid.rows;
  const column = first === undefined ? -1 : placeOf(first, before);
  if (first === undefined || column < 0 || before.length !== after.length) return null;
  if (before === after) return grid;
  const chars = first.chars.toSpliced(column, after.length, ...after);
  return { ...grid, rows: [{ ...first, chars }, ...others] };
}

function placeOf({ chars }: GridRow, text: string): number {
  let found = -1;
  for (let at = chars.indexOf(text[0] ?? ''); at >= 0; at = chars.indexOf(text[0] ?? '', at + 1)) {
    if (chars.slice(at, at + text.length).join('') !== text) continue;
    if (found >= 0) return -1;
    found = at;
  }
  return found;
}
