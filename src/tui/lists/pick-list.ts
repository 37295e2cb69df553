import { fieldText, paste, textField, typeKey } from '../asking/text-field.ts';
import type { Situation } from '../incident/situation.ts';
import type { PickList } from '../incident/ui-state.ts';
import type { Press } from '../keys/keys.ts';
import { clamp } from '../look/viewport.ts';
import { commandEntries } from './command-entries.ts';
import { findEntries } from './find-entries.ts';
import type { PickEntry } from './pick-entry.ts';

export function pickList(purpose: PickList['purpose']): PickList {
  return { purpose, field: textField(), index: 0 };
}

/**
 * What is left of the list for what was typed: every word of it is somewhere in the entry. What can be had comes first,
 * and of that what is called so, or has that key, before what only speaks of it.
 */
export function pickEntries(list: PickList, situation: Situation, nowMs: number): readonly PickEntry[] {
  const entries =
    list.purpose === 'commands' ? commandEntries(situation, nowMs) : findEntries(situation.view);
  const asked = fieldText(list.field).trim().toLowerCase();
  const words = asked.split(/\s+/).filter(Boolean);
  const held = entries.filter(({ title, detail, sign, alsoCalled, isByNameOnly }) => {
    const text = [sign, title, ...(isByNameOnly ? [] : [detail]), ...(alsoCalled ?? [])]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const rank = (entry: PickEntry) => (entry.whyNot === null ? 0 : 3) + farness(entry, asked);
  return held.toSorted((one, other) => rank(one) - rank(other));
}

/** 0: it is called so or has that key; 1: its name begins so; 2: it only speaks of it, or nothing was typed. */
function farness({ key, sign, title, alsoCalled }: PickEntry, asked: string): number {
  if (asked === '') return 2;
  const names = [key, title, ...(alsoCalled ?? [])].map((name) => name.toLowerCase());
  if (sign.toLowerCase() === asked || names.includes(asked)) return 0;
  return names.some((name) => name.startsWith(asked)) ? 1 : 2;
}

/** The list after a key that types or moves; `enter` and `escape` are the controller's. */
export function pressOnPickList(list: PickList, press: Press, count: number, height: number): PickList {
  const page = Math.max(1, height - 1);
  const moves: Readonly<Record<string, number>> = {
    up: -1,
    down: 1,
    'ctrl+p': -1,
    'ctrl+n': 1,
    pageup: -page,
    pagedown: page,
  };
  const by = moves[press.name];
  if (by !== undefined) return { ...list, index: clamp(list.index + by, 0, Math.max(0, count - 1)) };
  const field = typeKey(list.field, press);
  return field === list.field ? list : { ...list, field, index: 0 };
}

export function pasteIntoPickList(list: PickList, text: string): PickList {
  return { ...list, field: paste(list.field, text), index: 0 };
}
