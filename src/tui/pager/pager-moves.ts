import type { Pager } from './pager.ts';

const up = (pager: Pager) => pager.scroll(-1);
const down = (pager: Pager) => pager.scroll(1);
const pageUp = (pager: Pager) => pager.page(-1);
const pageDown = (pager: Pager) => pager.page(1);
const toStart = (pager: Pager) => pager.scrollTo(0);
const toEnd = (pager: Pager) => pager.toEnd();

/** The keys that move in an output, as in less. */
export const PAGER_MOVES: Readonly<Record<string, (pager: Pager) => Promise<void>>> = {
  ...{ up, k: up, down, j: down, enter: down },
  ...{ pageup: pageUp, b: pageUp, 'ctrl+b': pageUp, pagedown: pageDown, space: pageDown, 'ctrl+f': pageDown },
  ...{ g: toStart, home: toStart, G: toEnd, end: toEnd },
  f: (pager) => pager.toEnd(!pager.store.get().isFollowing),
};
