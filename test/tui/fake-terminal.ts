import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import xterm from '@xterm/headless';

/** Long enough that only a screen that never comes is given up on. */
const GIVE_UP_MS = 10_000;

/**
 * A terminal without a pty: what is written goes through a real terminal emulator, so that a test reads what a
 * person would see, and keys go in as bytes.
 */
export class FakeTerminal {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  /** Everything written so far. */
  written = '';
  /** Raw mode, as it was last set. */
  isRaw = false;
  /** How often the screen was scrolled: a frame that was too high. */
  scrolled = 0;
  bells = 0;
  title = '';
  /** What was copied last (OSC 52). */
  clipboard = '';
  readonly #input = new PassThrough();
  readonly #emulator: xterm.Terminal;
  readonly #changed = new EventEmitter();
  readonly #output: Writable & { columns?: number; rows?: number; isTTY?: boolean };
  /** Chunks written and not yet taken in by the emulator. */
  #pending = 0;

  constructor(columns = 80, rows = 24) {
    this.#changed.setMaxListeners(0);
    this.#emulator = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      convertEol: true,
      scrollback: 100,
    });
    // As a real one, it answers what it is asked (device status).
    this.#emulator.onData((answer) => this.#input.write(answer));
    this.#emulator.onScroll(() => {
      this.scrolled += 1;
    });
    this.#emulator.onBell(() => {
      this.bells += 1;
    });
    this.#emulator.onTitleChange((title) => {
      this.title = title;
    });
    this.#emulator.parser.registerOscHandler(52, (data) => {
      this.clipboard = Buffer.from(data.slice(data.indexOf(';') + 1), 'base64').toString();
      return true;
    });
    // Changing to the other screen counts as scrolling for the emulator.
    this.#emulator.buffer.onBufferChange(() => {
      this.scrolled -= 1;
    });
    this.#output = new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        this.written += chunk.toString();
        this.#pending += 1;
        this.#emulator.write(chunk, () => {
          this.#pending -= 1;
          this.#changed.emit('changed');
        });
        done();
      },
    });
    Object.assign(this.#output, { isTTY: true, columns, rows });
    this.stdout = this.#output as unknown as WriteStream;
    const input = Object.assign(this.#input, {
      isTTY: true,
      setRawMode: (isRaw: boolean) => {
        this.isRaw = isRaw;
        return input;
      },
      ref: () => input,
      unref: () => input,
    });
    this.stdin = input as unknown as ReadStream;
  }

  /** The screen as text, without blanks at the ends of lines. */
  screen(): string {
    const { active } = this.#emulator.buffer;
    const lines = Array.from(
      { length: this.#emulator.rows },
      (_, row) =>
        active
          .getLine(active.baseY + row)
          ?.translateToString(true)
          .trimEnd() ?? '',
    );
    return lines.join('\n').trimEnd();
  }

  /** The columns that each character of a row takes, to see that nothing was shifted. */
  row(index: number): string {
    const { active } = this.#emulator.buffer;
    return active.getLine(active.baseY + index)?.translateToString(false) ?? '';
  }

  /** The character that stands in a cell; a wide one stands in its first. */
  cell(row: number, column: number): string {
    const { active } = this.#emulator.buffer;
    return (
      active
        .getLine(active.baseY + row)
        ?.getCell(column)
        ?.getChars() ?? ''
    );
  }

  get isAlternate(): boolean {
    return this.#emulator.buffer.active.type === 'alternate';
  }

  /** Bytes as a keyboard sends them, e.g. `\r`, `\u001b[A`. */
  type(bytes: string): void {
    this.#input.write(bytes);
  }

  paste(text: string): void {
    this.type(`\u001b[200~${text}\u001b[201~`);
  }

  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows);
    Object.assign(this.#output, { columns, rows });
    this.#output.emit('resize');
  }

  /** The other end of the line is gone. */
  hangUp(): void {
    const error = Object.assign(new Error('read EIO'), { code: 'EIO' });
    this.#input.emit('error', error);
  }

  /** Waits until the screen shows (or, as a function, is) what is wanted. */
  async see(wanted: string | RegExp | ((screen: string) => boolean)): Promise<string> {
    const isThere = () => {
      if (this.#pending > 0) return false;
      const screen = this.screen();
      if (typeof wanted === 'function') return wanted(screen);
      return typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen);
    };
    if (isThere()) return this.screen();
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.#changed.off('changed', look);
      };
      const look = () => {
        if (!isThere()) return;
        stop();
        resolve(this.screen());
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`never saw ${String(wanted)}; the screen is:\n${this.screen()}`));
      }, GIVE_UP_MS);
      this.#changed.on('changed', look);
    });
  }

  /** Waits until something of the terminal besides its screen is as wanted. */
  async until(isAsWanted: () => boolean): Promise<void> {
    await this.see(() => isAsWanted());
  }

  async seeNot(unwanted: string | RegExp): Promise<string> {
    return this.see((screen) =>
      typeof unwanted === 'string' ? !screen.includes(unwanted) : !unwanted.test(screen),
    );
  }
}

export const KEYS = {
  enter: '\r',
  escape: '\u001b',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  pageUp: '\u001b[5~',
  pageDown: '\u001b[6~',
  home: '\u001b[H',
  end: '\u001b[F',
  tab: '\t',
  shiftTab: '\u001b[Z',
  backspace: '\u007f',
  ctrlC: '\u0003',
  ctrlL: '\u000c',
  ctrlU: '\u0015',
  ctrlZ: '\u001a',
} as const;
