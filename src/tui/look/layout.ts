import type { Viewport } from './viewport.ts';

/** Where things lay on the last screen: keys that scroll need to know, and a list stays where it was. */
export interface Layout {
  /** `of` is the step that was in it: another one begins at its beginning. `cursor` is the row of its cursor. */
  detail: Viewport & { readonly of?: string | null; readonly cursor?: number | null };
  checklist: Viewport;
  /** The page over the panes: help, reasons. */
  page: Viewport;
  /** The list of commands, or of what was found. */
  pick: Viewport;
}

export function emptyLayout(): Layout {
  const none: Viewport = { top: 0, height: 0, total: 0 };
  return { detail: none, checklist: none, page: none, pick: none };
}

export type SizeClass = 'two-panes' | 'one-pane' | 'too-small';

/** Works from 60×16 up; below that one pane at a time; below 40×10 not at all. */
export function sizeClassOf(columns: number, rows: number): SizeClass {
  if (columns < 40 || rows < 10) return 'too-small';
  return columns < 60 || rows < 16 ? 'one-pane' : 'two-panes';
}
