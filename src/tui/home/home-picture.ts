import { sizeClassOf } from '../look/layout.ts';
import { paint, type Theme } from '../look/theme.ts';
import { homeRows } from '../rows/home-rows.ts';
import type { HomeController } from './home-controller.ts';

/**
 * The home screen as Ink will draw it, without Ink: whoever waits can read it meanwhile, and Ink finds nothing to
 * change. Null where there is no room for it.
 */
export function homePicture(
  { model, ui }: HomeController,
  theme: Theme,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string | null {
  if (sizeClassOf(columns, rows) === 'too-small') return null;
  return homeRows(model, ui.get(), theme, columns, rows)
    .map((row) => paint(row, columns, theme))
    .join('\n');
}
