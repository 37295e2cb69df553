import type { WriteStream } from 'node:tty';
import { readInkChunk } from './ink-chunk.ts';
import { inkStream } from './ink-stream.ts';
import type { LinePace } from './line-pace.ts';
import { ShownScreen } from './shown-screen.ts';
import { TerminalWriter } from './terminal-writer.ts';

type Item =
  | { readonly kind: 'frame'; readonly text: string; readonly isUrgent: boolean }
  | { readonly kind: 'bytes'; readonly bytes: string; readonly keepsCells: boolean }
  | { readonly kind: 'barrier'; readonly done: () => void };

/** What answers a key is drawn within this time; frames until then are never held. */
const KEY_MS = 150;
/** After a resize, or something unknown on the screen: time for Ink to draw it anew by itself. */
const REPAINT_MS = 50;
/** The alternate screen, and back (xterm). */
const OTHER_PAGE = '\u001b[?1049h';
const OWN_PAGE = '\u001b[?1049l';

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
  readonly #shown = new ShownScreen();
  #lastFrame: string | null = null;
  #isWriting = false;
  #isExiting = false;
  /** The terminal's other page is shown, and Ink does not know. */
  #isAhead = false;
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
    return inkStream(
      this.#stdout,
      (text) => this.#take(text),
      (done) => this.#put({ kind: 'barrier', done }),
    );
  }

  /** Sends what changes no cell of the screen: the window's title, the bell, the clipboard. */
  send(bytes: string): void {
    if (bytes !== '') this.#put({ kind: 'bytes', bytes, keepsCells: true });
  }

  /**
   * Writes `after` where the first row shows `before`, without a frame; false where it cannot be sure of that.
   */
  rewrite(before: string, after: string): boolean {
    const isBusy = this.#isWriting || this.#queue.length > 0 || this.#pace.isWaiting || this.#isKeyed;
    const bytes = isBusy ? null : this.#shown.toRewritten(before, after);
    if (bytes !== null) this.send(bytes);
    return bytes !== null;
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
    // Of what was drawn between the keyboard's coming back and this nobody was asked.
    this.send(this.#pace.question());
  }

  close(): void {
    this.#stdout.off('resize', this.#resized);
    process.off('exit', this.#exiting);
    if (this.#repaint !== null) clearTimeout(this.#repaint);
    this.#pace.close();
    // Ink, which would have, never came.
    if (this.#isAhead) this.#writer.writeAtExit(`\u001b[?25h\u001b[?7h${OWN_PAGE}`);
    this.#writer.close();
  }

  /**
   * The first picture, as Ink would give it, before Ink is there: loading it takes several times as long as all else.
   * The terminal's other page is ours from here on.
   */
  first(text: string): void {
    this.#isAhead = true;
    this.#put({ kind: 'bytes', bytes: `${OTHER_PAGE}\u001b[?7l\u001b[?25l`, keepsCells: false });
    this.#lastFrame = text;
    this.#put({ kind: 'frame', text, isUrgent: true });
  }

  get #isKeyed(): boolean {
    return this.#readMs() - this.#keyMs < KEY_MS;
  }

  #take(written: string): void {
    // Some terminals would clear the page that they are on already.
    const text = this.#isAhead ? written.replace(OTHER_PAGE, '') : written;
    if (text !== written) this.#isAhead = false;
    const chunk = readInkChunk(text);
    if (chunk.kind === 'frame') {
      this.#lastFrame = chunk.text;
      this.#put({ kind: 'frame', text: chunk.text, isUrgent: this.#isKeyed });
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
      if (!item.keepsCells) this.#shown.forget();
      return item.bytes;
    }
    const bytes = this.#shown.toFrame(item.text, this.#stdout.columns, this.#stdout.rows);
    return bytes === '' || !this.#shown.isKnown ? bytes : bytes + this.#pace.question();
  }

  readonly #resized = () => {
    this.#shown.forget();
    if (this.#repaint !== null) clearTimeout(this.#repaint);
    this.#repaint = setTimeout(() => {
      // A frame that Ink left out, because it is the same as before: the terminal may have lost parts of it.
      if (!this.#shown.isKnown && this.#lastFrame !== null) {
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
