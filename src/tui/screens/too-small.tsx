import { Lines } from '../components/lines.tsx';
import { rowOf, wrapText } from '../look/cells.ts';
import type { Theme } from '../look/theme.ts';

/** There is no room to show what would be done, so nothing can be approved here. */
export function TooSmallScreen({ theme, columns, rows }: { theme: Theme; columns: number; rows: number }) {
  const text = `Too small: ${columns}×${rows}. Make it 40×10 or more, or leave (q twice) and use --plain.`;
  return (
    <Lines
      rows={wrapText(text, columns).map((line) => rowOf(line))}
      columns={columns}
      height={rows}
      theme={theme}
    />
  );
}
