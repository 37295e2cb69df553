import type { Writable } from 'node:stream';

/** A screen full many times over; more than that nobody reads. */
const MOST_CHUNKS = 1000;

/**
 * Keeps what is written to a stream until what is returned is called: a message that is written while a screen is shown
 * would stand in the middle of it, and be gone with it. Where the stream is no terminal it is left as it is.
 */
export function holdBack(stream: Writable & { readonly isTTY?: boolean }): () => void {
  if (stream.isTTY !== true) return () => undefined;
  const { write } = stream;
  const held: unknown[] = [];
  stream.write = ((chunk: unknown, ...more: unknown[]) => {
    if (held.length < MOST_CHUNKS) held.push(chunk);
    const done = more.find((each): each is () => void => typeof each === 'function');
    if (done !== undefined) queueMicrotask(done);
    return true;
  }) as typeof write;
  return () => {
    stream.write = write;
    for (const chunk of held.splice(0)) stream.write(chunk);
  };
}
