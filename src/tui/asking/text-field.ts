import { printable } from '../../text/printable.ts';
import { textWidth } from '../../text/width.ts';
import type { Press } from '../keys/keys.ts';
import { type Row, span } from '../look/cells.ts';

/** A line of text being typed. The cursor counts characters (code points). */
export interface TextField {
  readonly characters: readonly string[];
  readonly cursor: number;
}

/** Longer text belongs in a file, and a paste of megabytes must not freeze the screen. */
const MOST_CHARACTERS = 4000;

export function textField(text = ''): TextField {
  const characters = [...text];
  return { characters, cursor: characters.length };
}

export function fieldText(field: TextField): string {
  return field.characters.join('');
}

/** The field after a key; the same object when the key means nothing to it. */
export function typeKey(field: TextField, press: Press): TextField {
  const { characters, cursor } = field;
  switch (press.name) {
    case 'left':
      return cursor > 0 ? { characters, cursor: cursor - 1 } : field;
    case 'right':
      return cursor < characters.length ? { characters, cursor: cursor + 1 } : field;
    case 'home':
    case 'ctrl+a':
      return { characters, cursor: 0 };
    case 'end':
    case 'ctrl+e':
      return { characters, cursor: characters.length };
    case 'backspace':
      return cursor > 0 ? { characters: characters.toSpliced(cursor - 1, 1), cursor: cursor - 1 } : field;
    case 'delete':
      return cursor < characters.length ? { characters: characters.toSpliced(cursor, 1), cursor } : field;
    case 'ctrl+u':
      return { characters: characters.slice(cursor), cursor: 0 };
    case 'ctrl+k':
      return { characters: characters.slice(0, cursor), cursor };
    case 'ctrl+w':
      return withoutWord(field);
    default:
      return press.text === '' ? field : insert(field, press.text);
  }
}

/** A paste is text whatever it holds: line ends become blanks, and nothing in it is a key. */
export function paste(field: TextField, text: string): TextField {
  return insert(field, text.replace(/\s+/g, ' '));
}

function insert({ characters, cursor }: TextField, text: string): TextField {
  const added = [...text].slice(0, Math.max(0, MOST_CHARACTERS - characters.length));
  return { characters: characters.toSpliced(cursor, 0, ...added), cursor: cursor + added.length };
}

function withoutWord({ characters, cursor }: TextField): TextField {
  let start = cursor;
  while (start > 0 && characters[start - 1] === ' ') start -= 1;
  while (start > 0 && characters[start - 1] !== ' ') start -= 1;
  return { characters: characters.toSpliced(start, cursor - start), cursor: start };
}

/** The part around the cursor that fits. The cursor is a character of its own, since not every terminal has styles. */
export function drawField(field: TextField, columns: number, isSecret: boolean): Row {
  const shown = isSecret ? field.characters.map(() => '*') : field.characters.map((one) => printable(one));
  let from = field.cursor;
  let width = 1;
  while (from > 0 && width + textWidth(shown[from - 1] ?? '') <= columns) {
    from -= 1;
    width += textWidth(shown[from] ?? '');
  }
  let to = field.cursor;
  while (to < shown.length && width + textWidth(shown[to] ?? '') <= columns) {
    width += textWidth(shown[to] ?? '');
    to += 1;
  }
  return [
    span(shown.slice(from, field.cursor).join(''), 'strong'),
    span('▏', 'accent'),
    span(shown.slice(field.cursor, to).join(''), 'strong'),
  ];
}
