import type { WriteStream } from 'node:tty';
import { encode } from './encode.ts';
import { type Grid, parseGrid } from './grid.ts';
import { readInkChunk } from './ink-chunk.ts';
import type { LinePace } from './line-pace.ts';
import { TerminalWriter } from './terminal-writer.ts';

type Item =
  | { readonly kind: 'frame'; readonly text: string; readonly isUrgent: boolean }
  | { readonly kind: 'bytes'; readonly bytes: string; readonly keepsCells: boolean }
  | { readonly kind: 'barrier'; readonly done: () => void };

/** What answers a key is drawn within this time; frames until then are never held. */
const KEY_MS = 150;
/** After a resize, or something unknown on the screen: time for Ink to draw it anew by itself. */
const REPAINT_MS = 50;

/**
 * Between Ink and the terminal: takes whole frames and sends only the cells that differ from what the terminal
 * shows, one asynchronous write at a time, and leaves out frames that were overtaken meanwhile.
 */
export class Stage {
  readonly #stdout: WriteStream;
  readonly #writer: TerminalWriter;
  readonly #pace: LinePace;
  readonly #readMs: () => number;
  #queue: Item[] = [];
  /** What the terminal shows; null if that is not known. */
  #shown: Grid | null = null;
  #lastFrame: string | null = null;
  #isWriting = false;
  #isExiting = false;
  #keyMs = Number.NEGATIVE_INFINITY;
  #repaint: NodeJS.Timeout | null = null;

  constructor(stdout: WriteStream, pace: LinePace, readMs: () => number = () => performance.now()) {
    this.#stdout = stdout;
    this.#writer = new TerminalWriter(stdout);
    this.#pace = pace;
    this.#readMs = readMs;
    pace.onFree(() => this.#next());
    stdout.on('resize', this.#resized);
    process.on('exit', this.#exiting);
  }

  /** For Ink: the terminal, but what is written goes through the stage. */
  get stream(): WriteStream {
    const write = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
      this.#take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      const done = more.find((each): each is () => void => typeof each === 'function');
      if (done !== undefined) this.#put({ kind: 'barrier', done });
      return true;
    };
    return new Proxy(this.#stdout, {
      get(target, property) {
        if (property === 'write') return write;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Sends what changes no cell of the screen: the window's title, the bell, the clipboard. */
  send(bytes: string): void {
    this.#put({ kind: 'bytes', bytes, keepsCells: true });
  }

  keyed(): void {
    this.#keyMs = this.#readMs();
  }

  /** Resolves when all that was given so far is written. */
  async written(): Promise<void> {
    await new Promise<void>((done) => this.#put({ kind: 'barrier', done }));
  }

  /** Before the keyboard is given away: waits for the answers under way, which would be typed there else. */
  async beforeLeaving(): Promise<void> {
    this.#pace.allow(false);
    await this.written();
    await this.#pace.quiet();
  }

  cameBack(): void {
    this.#pace.allow(true);
  }

  close(): void {
    this.#stdout.off('resize', this.#resized);
    process.off('exit', this.#exiting);
    if (this.#repaint !== null) clearTimeout(this.#repaint);
    this.#pace.close();
    this.#writer.close();
  }

  #take(text: string): void {
    const chunk = readInkChunk(text);
    if (chunk.kind === 'frame') {
      this.#lastFrame = chunk.text;
      const isUrgent = this.#readMs() - this.#keyMs < KEY_MS;
      this.#put({ kind: 'frame', text: chunk.text, isUrgent });
    } else if (chunk.kind !== 'nothing') {
      this.#put({ kind: 'bytes', bytes: chunk.bytes, keepsCells: chunk.kind === 'mode' });
      if (chunk.kind === 'other') this.#lastFrame = null;
    }
  }

  #put(item: Item): void {
    const last = this.#queue.at(-1);
    if (item.kind === 'frame' && last?.kind === 'frame') {
      this.#queue[this.#queue.length - 1] = { ...item, isUrgent: item.isUrgent || last.isUrgent };
    } else this.#queue.push(item);
    if (this.#isExiting) this.#flushAtExit();
    else queueMicrotask(() => this.#next());
  }

  #next(): void {
    for (;;) {
      const item = this.#queue[0];
      if (item === undefined || this.#isWriting || this.#isExiting) return;
      // Only a frame that nothing waits behind can wait: one of a key never does.
      if (item.kind === 'frame' && !item.isUrgent && this.#queue.length === 1 && this.#pace.isWaiting) return;
      this.#queue.shift();
      if (item.kind === 'barrier') {
        item.done();
        continue;
      }
      const bytes = this.#bytesOf(item);
      if (bytes === '') continue;
      this.#isWriting = true;
      this.#writer.write(bytes, () => {
        this.#isWriting = false;
        this.#next();
      });
      return;
    }
  }

  #bytesOf(item: Exclude<Item, { kind: 'barrier' }>): string {
    if (item.kind === 'bytes') {
      if (!item.keepsCells) this.#shown = null;
      return item.bytes;
    }
    const lines = item.text.split('\n').length;
    const { columns, rows } = this.#stdout;
    const grid = parseGrid(item.text, columns || 80, rows || lines);
    if (grid === null) {
      this.#shown = null;
      return `\u001b[m\u001b[H\u001b[J${item.text.replaceAll('\n', '\r\n')}\u001b[m`;
    }
    const bytes = encode(this.#shown, grid);
    this.#shown = grid;
    return bytes === '' ? '' : bytes + this.#pace.question();
  }

  readonly #resized = () => {
    this.#shown = null;
    if (this.#repaint !== null) clearTimeout(this.#repaint);
    this.#repaint = setTimeout(() => {
      // A frame that Ink left out, because it is the same as before: the terminal may have lost parts of it.
      if (this.#shown === null && this.#lastFrame !== null) {
        this.#put({ kind: 'frame', text: this.#lastFrame, isUrgent: true });
      }
    }, REPAINT_MS);
  };

  readonly #exiting = () => {
    this.#isExiting = true;
    this.#flushAtExit();
  };

  #flushAtExit(): void {
    const queue = this.#queue;
    this.#queue = [];
    this.#pace.allow(false);
    for (const item of queue) {
      if (item.kind === 'barrier') item.done();
      else this.#writer.writeAtExit(this.#bytesOf(item));
    }
  }
}
