import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What a terminal's stdin has beyond a stream; a pipe has none of it. */
export type LineInput = Readable & {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
};

/**
 * Lines of a stream, one at a time, in the terminal's own line editing.
 *
 * On a terminal, what was typed before it was asked for is dropped (`onEarly` is told): it answered a question
 * that had not been seen. From a pipe everything was written beforehand on purpose, and is kept.
 */
export class LineReader {
  readonly isTerminal: boolean;
  #input: LineInput;
  #lines: Interface;
  #queue: string[] = [];
  #waiting: ((line: string | null) => void) | null = null;
  #hasEnded = false;

  constructor(input: LineInput, onEarly: () => void) {
    this.#input = input;
    this.isTerminal = input.isTTY === true;
    this.#lines = createInterface({ input, terminal: false, crlfDelay: Number.POSITIVE_INFINITY });
    this.#lines.on('line', (line) => {
      if (this.#waiting !== null) this.#give(line);
      else if (this.isTerminal) onEarly();
      else this.#keep(line);
    });
    const end = () => {
      this.#hasEnded = true;
      if (this.#queue.length === 0) this.#give(null);
    };
    this.#lines.on('close', end);
    // A terminal that went away (EIO) has ended as well.
    input.on('error', end);
  }

  /** The next line, null at the end. `stop` gives up waiting; then nothing is lost. */
  next(): { readonly line: Promise<string | null>; stop(): void } {
    const kept = this.#queue.shift();
    if (kept !== undefined) {
      if (this.#queue.length === 0 && !this.#hasEnded) this.#lines.resume();
      return { line: Promise.resolve(kept), stop: () => undefined };
    }
    if (this.#hasEnded) return { line: Promise.resolve(null), stop: () => undefined };
    const line = new Promise<string | null>((resolve) => {
      this.#waiting = resolve;
    });
    return {
      line,
      stop: () => {
        this.#waiting = null;
      },
    };
  }

  /** While `isHidden`, the terminal shows nothing of what is typed. Editing is by backspace alone then. */
  hideTyping(isHidden: boolean): void {
    if (this.isTerminal) this.#input.setRawMode?.(isHidden);
  }

  /** Told of each Ctrl-C that comes as a byte, which it does while typing is hidden. */
  onInterruptByte(listener: () => void): () => void {
    const listen = (chunk: Buffer | string) => {
      if (chunk.includes('\x03')) listener();
    };
    this.#input.on('data', listen);
    return () => this.#input.off('data', listen);
  }

  /** While it is paused what is typed goes to whoever the terminal is lent to. */
  pause(isPaused: boolean): void {
    if (isPaused) this.#lines.pause();
    else this.#lines.resume();
  }

  close(): void {
    this.#lines.close();
  }

  #give(line: string | null): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(line);
  }

  #keep(line: string): void {
    this.#queue.push(line);
    if (this.#queue.length >= MOST_KEPT) this.#lines.pause();
  }
}

/** `yes | tourniquet` must not fill the memory. */
const MOST_KEPT = 1000;

/**
 * What the raw bytes of a hidden line come to: backspace edits, Ctrl-U clears, Ctrl-C began another answer, other
 * controls are nothing.
 */
export function editedLine(raw: string): string {
  let out: string[] = [];
  for (const character of raw) {
    if (character === '\x7f' || character === '\b') out.pop();
    else if (character === '\x15' || character === '\x03') out = [];
    else if (character >= ' ') out.push(character);
  }
  return out.join('');
}
