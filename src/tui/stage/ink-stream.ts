import type { WriteStream } from 'node:tty';

/** The terminal as Ink is given it: all of it is the real one's, but what Ink writes is taken by somebody else. */
export function inkStream(
  stdout: WriteStream,
  take: (text: string) => void,
  whenWritten: (done: () => void) => void,
): WriteStream {
  const write = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
    take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const done = more.find((each): each is () => void => typeof each === 'function');
    if (done !== undefined) whenWritten(done);
    return true;
  };
  return new Proxy(stdout, {
    get(target, property) {
      if (property === 'write') return write;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
