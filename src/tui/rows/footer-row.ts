import { textWidth } from '../../text/width.ts';
import type { FooterKey } from '../keys/footer-keys.ts';
import { keyWords } from '../keys/key-words.ts';
import { type Row, type Span, span } from '../look/cells.ts';
import type { Theme } from '../look/theme.ts';

/** The keys of the moment; help and leave are never pushed out. */
export function footerRow(keys: readonly FooterKey[], theme: Theme, columns: number): Row {
  const drawn = keys.map(({ shown, label }): Span[] => [
    span(keyWords(shown, theme), 'accent'),
    span(` ${label}`),
  ]);
  const widths = drawn.map((parts) => parts.reduce((sum, part) => sum + textWidth(part.text), 0));
  const pinned = new Set(keys.flatMap((key, index) => (key.isPinned ? [index] : [])));
  const GAP = 3;
  let room = columns - 1 - [...pinned].reduce((sum, index) => sum + (widths[index] ?? 0) + GAP, 0);
  const row: Span[] = [span(' ')];
  for (const [index, parts] of drawn.entries()) {
    const width = (widths[index] ?? 0) + GAP;
    if (!pinned.has(index)) {
      if (width > room) continue;
      room -= width;
    }
    row.push(...parts, span(' '.repeat(GAP)));
  }
  return row;
}
