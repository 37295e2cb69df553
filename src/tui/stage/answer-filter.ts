import type { ReadStream } from 'node:tty';

const ANSWER = '\u001b[0n';
/** The beginning of an answer at the end of what was read: more of it comes, or it was a key. */
const BEGINNING = /\u001b(?:\[0?)?$/;
/** How long the rest of an answer can take; an ESC key is held so long at most. */
const REST_MS = 30;

export interface AnswerListener {
  readonly answered: () => void;
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
      const parts = `${held}${chunk ?? ''}`.split(ANSWER);
      held = '';
      for (let count = 1; count < parts.length; count++) listener.answered();
      let keys = parts.join('');
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
