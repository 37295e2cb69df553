import type { ReadStream } from 'node:tty';

/** Device status (ECMA-48 DSR), or the background's colour (xterm, OSC 11). */
const ANSWER = /\u001b\[0n|\u001b\]11;([^\u0000-\u001f\u007f]{0,40})(?:\u0007|\u001b\\)/g;
/** The beginning of an answer at the end of what was read: more of it comes, or it was a key. */
const BEGINNING = /\u001b(?:\[0?|\](?:1(?:1(?:;[^\u0000-\u001f\u007f]{0,40}\u001b?)?)?)?)?$/;
/** How long the rest of an answer can take; an ESC key is held so long at most. */
const REST_MS = 30;

export interface AnswerListener {
  readonly answered: () => void;
  /** What the terminal says of its background, e.g. `rgb:0000/0000/0000`. */
  readonly coloured: (answer: string) => void;
  /** Whether an answer can come. */
  readonly isDue: () => boolean;
  /** A key came. */
  readonly keyed: () => void;
}

/** `stdin` without the terminal's answers about its status, which are no keys. For a reader by `read()`, as Ink is. */
export function withoutAnswers(stdin: ReadStream, listener: AnswerListener): ReadStream {
  let held = '';
  let isPatient = true;
  const read = (size?: number): string | null => {
    for (;;) {
      const chunk: Buffer | string | null = stdin.read(size);
      if (chunk === null && (held === '' || isPatient)) return null;
      const all = `${held}${chunk ?? ''}`;
      held = '';
      let keys = all.replace(ANSWER, (_answer, colour: string | undefined) => {
        if (colour === undefined) listener.answered();
        else listener.coloured(colour);
        return '';
      });
      if (chunk !== null && listener.isDue()) {
        held = BEGINNING.exec(keys)?.[0] ?? '';
        keys = keys.slice(0, keys.length - held.length);
        if (held !== '') giveUpLater();
      }
      if (keys === '') continue;
      listener.keyed();
      return keys;
    }
  };
  const giveUpLater = () => {
    isPatient = true;
    const expected = held;
    setTimeout(() => {
      if (held !== expected) return;
      isPatient = false;
      stdin.emit('readable');
      isPatient = true;
    }, REST_MS);
  };
  return new Proxy(stdin, {
    get(target, property) {
      if (property === 'read') return read;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
