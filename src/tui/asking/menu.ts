import type { Press } from '../keys/keys.ts';
import { type Row, span } from '../look/cells.ts';

/** A question with a few answers, for the arrow keys or the letter before each. */
export interface Menu {
  readonly purpose: 'leave' | 'undo';
  readonly stepId: string | null;
  readonly title: string;
  readonly lines: readonly string[];
  readonly options: readonly Option[];
}

export interface Option {
  readonly id: OptionId;
  /** The key that takes it at once. */
  readonly key: string;
  readonly label: string;
  /** What it leads to. */
  readonly detail: string;
}

export type OptionId =
  | 'stay'
  | 'leave'
  | 'stop-and-leave'
  | 'undo'
  | 'again'
  | 'go-on'
  | 'did-not-happen'
  | 'did-happen'
  | 'export'
  | 'close';

export function drawOptions(
  options: readonly Option[],
  selected: number,
  columns: number,
  isFocused: boolean,
): readonly Row[] {
  const width = Math.max(...options.map((option) => option.label.length));
  return options.map((option, index) => {
    const isHere = index === selected;
    return [
      span(isHere && isFocused ? ' ❯ ' : '   ', 'accent'),
      span(`${option.key}  `, 'accent'),
      span(
        columns >= 60 ? option.label.padEnd(width + 2) : option.label,
        isHere && isFocused ? 'strong' : undefined,
      ),
      span(columns >= 60 ? option.detail : '', 'dim'),
    ];
  });
}

/** What a key does in a menu: an answer, another option under the cursor, or (null) nothing. */
export function pressOnMenu(menu: Menu, option: number, press: Press): OptionId | number | null {
  const count = menu.options.length;
  const byKey = menu.options.find((one) => one.key === press.name);
  if (byKey !== undefined) return byKey.id;
  switch (press.name) {
    case 'enter':
      return menu.options[option]?.id ?? null;
    case 'up':
    case 'shift+tab':
      return (option + count - 1) % count;
    case 'down':
    case 'j':
    case 'tab':
      return (option + 1) % count;
    case 'escape':
      return 'stay';
    case 'ctrl+c':
      // Pressed once more: whoever does that means it.
      return menu.purpose === 'leave' ? 'leave' : 'stay';
    default:
      return null;
  }
}
