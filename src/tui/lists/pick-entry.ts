import type { KeyId } from '../keys/keymap.ts';

/** One line of a list over the screen (PickList). All texts are printable. */
export interface PickEntry {
  readonly key: string;
  /** A short sign before it: the key that does it, or the mark of a step. */
  readonly sign: string;
  readonly title: string;
  readonly detail: string;
  /** Other words by which somebody may look for it. */
  readonly alsoCalled?: readonly string[];
  /** It is not found by the words of its detail: what acts must be meant. */
  readonly isByNameOnly?: true;
  /** Why it cannot be had now; it is shown all the same, so that nobody searches on. */
  readonly whyNot: string | null;
  readonly target:
    | { readonly kind: 'command'; readonly id: KeyId }
    | { readonly kind: 'place'; readonly stepId: string; readonly itemKey: string | null };
}
