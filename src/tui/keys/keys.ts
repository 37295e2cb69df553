import type { Key } from 'ink';

/** One key as the keymap names it (`enter`, `up`, `ctrl+c`, `a`, `?`) and the text it would type. */
export interface Press {
  readonly name: string;
  readonly text: string;
}

/**
 * What Ink reports as one input may be several keys that arrived together (typed ahead over a slow line):
 * each is handled by itself, in order.
 */
export function pressesOf(input: string, key: Key): readonly Press[] {
  if (key.eventType === 'release') return [];
  const named = namedKey(key);
  if (named !== null) return [{ name: named, text: '' }];
  if (key.ctrl) return input === '' ? [] : [{ name: `ctrl+${input}`, text: '' }];
  if (key.meta) return input === '' ? [] : [{ name: `alt+${input}`, text: '' }];
  return Array.from(input, characterPress);
}

function namedKey(key: Key): string | null {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'escape';
  if (key.tab) return key.shift ? 'shift+tab' : 'tab';
  if (key.backspace) return 'backspace';
  if (key.delete) return 'delete';
  return null;
}

const CONTROL_NAMES: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'escape',
};

function characterPress(character: string): Press {
  const named = CONTROL_NAMES[character];
  if (named !== undefined) return { name: named, text: '' };
  if (character === ' ') return { name: 'space', text: ' ' };
  const code = character.charCodeAt(0);
  // The other C0 characters are Ctrl and a letter: 0x03 is Ctrl-C.
  if (code < 0x20) return { name: `ctrl+${String.fromCharCode(code + 0x60)}`, text: '' };
  return { name: character, text: character };
}
