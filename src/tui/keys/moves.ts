import { askOf } from '../asking/ask.ts';
import { itemsOf, type Situation, shownStep, stepInHandId } from '../incident/situation.ts';
import type { Area, UiState } from '../incident/ui-state.ts';
import { filteredSteps } from '../lists/step-filter.ts';
import type { Layout } from '../look/layout.ts';
import { clamp, type Viewport } from '../look/viewport.ts';
import type { KeyId } from './keymap.ts';

/** The part of the screen that the arrow keys move in now. */
export function focusedArea(situation: Situation, nowMs: number): Area {
  const hasOptions = askOf(situation, nowMs).options.length > 0;
  const { area } = situation.ui;
  if (area === 'ask' && !hasOptions) return 'detail';
  return area ?? (hasOptions ? 'ask' : 'detail');
}

export function otherArea(situation: Situation, direction: 1 | -1, nowMs: number): Partial<UiState> {
  const hasOptions = askOf(situation, nowMs).options.length > 0;
  const areas: readonly Area[] = hasOptions ? ['checklist', 'detail', 'ask'] : ['checklist', 'detail'];
  const at = areas.indexOf(focusedArea(situation, nowMs));
  return { area: areas[(at + direction + areas.length) % areas.length] ?? 'detail' };
}

/** Up or down by one: another step, another finding or operation, another answer, or one row of text. */
export function moveBy(
  situation: Situation,
  layout: Layout,
  direction: 1 | -1,
  nowMs: number,
): Partial<UiState> {
  const area = focusedArea(situation, nowMs);
  if (area === 'checklist') return toStep(situation, direction);
  if (area === 'ask') {
    const count = askOf(situation, nowMs).options.length;
    return { option: count === 0 ? 0 : (situation.ui.option + direction + count) % count };
  }
  const step = shownStep(situation);
  const items = step === undefined ? [] : itemsOf(step);
  if (items.length === 0) return scrollTo(layout, layout.detail.top + direction);
  // Text above what can be chosen is read through first.
  const { top, height, cursor } = layout.detail;
  if (direction === 1 && situation.ui.itemKey === null && (cursor ?? 0) >= top + height)
    return scrollTo(layout, top + 1);
  const found = items.findIndex((item) => item.key === situation.ui.itemKey);
  const at = Math.max(0, found);
  const next = clamp(at + direction, 0, items.length - 1);
  // At either end the text beyond the list is what is left to see.
  if (next === at)
    return { itemKey: items[at]?.key ?? null, ...scrollTo(layout, layout.detail.top + direction) };
  return { itemKey: items[next]?.key ?? null, isScrolled: false };
}

export function movePage(situation: Situation, layout: Layout, direction: 1 | -1): Partial<UiState> {
  if (situation.ui.area === 'checklist')
    return toStep(situation, direction * Math.max(1, layout.checklist.height - 1));
  return scrollTo(layout, layout.detail.top + direction * Math.max(1, layout.detail.height - 1));
}

export function moveToEnd(situation: Situation, layout: Layout, which: 'first' | 'last'): Partial<UiState> {
  if (situation.ui.area === 'checklist') {
    const count = situation.view.incident.steps.length;
    return toStep(situation, which === 'first' ? -count : count);
  }
  const step = shownStep(situation);
  const items = step === undefined ? [] : itemsOf(step);
  const item = which === 'first' ? items[0] : items.at(-1);
  return { itemKey: item?.key ?? null, ...scrollTo(layout, which === 'first' ? 0 : layout.detail.total) };
}

function scrollTo(layout: Layout, top: number): Partial<UiState> {
  const { height, total } = layout.detail;
  return { detailTop: clamp(top, 0, Math.max(0, total - height)), isScrolled: true };
}

function toStep(situation: Situation, by: number): Partial<UiState> {
  const steps = filteredSteps(situation.view.incident, situation.ui.filter);
  const shown = shownStep(situation);
  const at =
    shown === undefined ? (by > 0 ? -1 : steps.length) : steps.findIndex((step) => step.id === shown.id);
  const next = steps[clamp(at + by, 0, steps.length - 1)];
  // The step in hand is not held fast: when it is done, the next one is shown.
  const stepId = next === undefined || next.id === stepInHandId(situation.view) ? null : next.id;
  return { area: 'checklist', stepId, itemKey: null, detailTop: 0, isScrolled: false };
}

/** Where a page to read is scrolled to by a key; null when the key does not scroll. */
export function pageTop(id: KeyId | undefined, page: Viewport): number | null {
  const step = Math.max(1, page.height - 1);
  const tops: Partial<Record<KeyId, number>> = {
    up: page.top - 1,
    down: page.top + 1,
    'page-up': page.top - step,
    'page-down': page.top + step,
    first: 0,
    last: page.total,
  };
  const wanted = id === undefined ? undefined : tops[id];
  return wanted === undefined ? null : clamp(wanted, 0, Math.max(0, page.total - page.height));
}
