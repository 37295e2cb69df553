import type { Overlay } from '../incident/ui-state.ts';

/** A key as the footer shows it. */
export interface FooterKey {
  readonly shown: string;
  readonly label: string;
  /** Stays when there is no room for all. */
  readonly isPinned: boolean;
}

function footer(...keys: readonly (readonly [string, string])[]): readonly FooterKey[] {
  return keys.map(([shown, words], index) => ({ shown, label: words, isPinned: index < 2 }));
}

/** The keys of what lies over the checklist. */
export const OVERLAY_FOOTERS = {
  form: footer(['⏎', 'send'], ['esc', 'never mind'], ['^U', 'clear']),
  note: footer(['⏎', 'send'], ['esc', 'never mind'], ['^O', 'in your editor'], ['^U', 'clear']),
  'form-next': footer(['⏎', 'next'], ['esc', 'never mind'], ['↑↓', 'other field'], ['^U', 'clear']),
  menu: footer(['⏎', 'choose'], ['esc', 'never mind'], ['↑↓', 'move']),
  item: footer(['esc', 'back'], ['↑↓', 'scroll'], ['n', 'note'], ['y', 'copy']),
  help: footer(['esc', 'back'], ['↑↓', 'scroll'], ['/', 'find a command']),
  pick: footer(['⏎', 'go'], ['esc', 'never mind'], ['↑↓', 'move'], ['^U', 'clear']),
  pager: footer(
    ['esc', 'back'],
    ['↑↓', 'scroll'],
    ['/', 'search'],
    ['n N', 'next, previous'],
    ['g G', 'top, end'],
    ['w', 'wrap'],
    ['l t', 'numbers, times'],
    ['y', 'copy'],
    ['s', 'save'],
    ['f', 'follow'],
    ['[ ]', 'other output'],
  ),
  'pager-search': footer(['⏎', 'search'], ['esc', 'never mind']),
  'pager-save': footer(['⏎', 'save as a new file'], ['esc', 'never mind']),
} as const;

/** The keys of the moment for what lies over the checklist. */
export function overlayFooter(overlay: Overlay): readonly FooterKey[] {
  if (overlay.kind === 'form' && overlay.form.purpose.kind === 'note') return OVERLAY_FOOTERS.note;
  const hasMore = overlay.kind === 'form' && overlay.form.index < overlay.form.fields.length - 1;
  return OVERLAY_FOOTERS[hasMore ? 'form-next' : overlay.kind];
}
