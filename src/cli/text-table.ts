import { printable } from '../text/printable.ts';
import { padEnd, textWidth } from '../text/width.ts';

/** Rows under headings, columns as wide as their widest cell, two blanks between; cells are made printable. */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows.map((row) => row.map((cell) => printable(cell)))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => textWidth(row[column] ?? ''))));
  return cells
    .map((row) =>
      row
        .map((cell, column) => padEnd(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
