import { expect } from 'vitest';
import { type PtyProgram, startPty } from '../support/pty.ts';
import { demoBundle } from './demo-bundle.ts';

/** Made once for all walks of a process. */
let demo: Promise<string> | null = null;

/** As xterm sends them. */
const BYTES: Readonly<Record<string, string>> = {
  ...{ up: '\u001b[A', down: '\u001b[B', right: '\u001b[C', left: '\u001b[D' },
  ...{ pageup: '\u001b[5~', pagedown: '\u001b[6~', home: '\u001b[H', end: '\u001b[F' },
  ...{ enter: '\r', escape: '\u001b', tab: '\t', 'shift+tab': '\u001b[Z' },
  ...{ backspace: '\u007f', delete: '\u001b[3~', space: ' ' },
};

function bytesOf(name: string): string {
  if (name.startsWith('ctrl+')) return String.fromCharCode(name.charCodeAt(5) - 96);
  return BYTES[name] ?? name;
}

/** What is asked behind each frame (line-pace.ts): until then only a part of it may be on the screen. */
const WHOLE = /\u001b\[5n(?:\u001b\][^\u0007]*\u0007|\u0007|\u001b\[[?>\d;]*[hltu])*$/;
const LONGEST_TAIL = 20_000;

export type Screen = 'home' | 'checklist' | 'form' | 'menu' | 'pick' | 'pager' | 'item' | 'help';

/** Plays the scripted incident, whose clock stands: whatever changes on the screen was done by the key. */
export class KeyWalk {
  readonly tried = new Map<Screen, Set<string>>();
  readonly #columns: number;
  readonly #rows: number;
  readonly #shots: string[] = [];
  program!: PtyProgram;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
  }

  async open(what: 'home' | 'incident' | 'slow', first: string): Promise<void> {
    demo ??= demoBundle();
    this.program = startPty([process.execPath, await demo, what, 'still'], {
      columns: this.#columns,
      rows: this.#rows,
      environment: { NODE_ENV: 'production' },
    });
    await this.program.until(first, (text) => this.#holds(text, first) && this.#isWhole(), 15_000);
  }

  /** Presses it and waits for the text, or for any change of the screen; either was not there before. */
  async key(screen: Screen, name: string, wanted?: string | RegExp): Promise<void> {
    const before = this.program.text();
    if (wanted !== undefined && this.#holds(before, wanted))
      throw new Error(`${screen} ${name}: “${wanted}” is there already\n${before}`);
    this.program.press(bytesOf(name));
    this.#note(screen, name);
    try {
      await this.program.until(
        `${screen} ${name}: ${wanted ?? 'a change'}`,
        (text) =>
          (wanted === undefined ? text !== before : this.#holds(text, wanted)) &&
          // A shell draws no frames.
          (name === '!' || this.#isWhole()),
      );
    } catch (error) {
      throw new Error(`${screen} ${name}: ${(error as Error).message}`);
    }
  }

  /** There and back again: the screen is the very one it was. */
  async pair(screen: Screen, there: string, back: string): Promise<void> {
    const before = this.program.text();
    await this.key(screen, there);
    this.program.press(bytesOf(back));
    this.#note(screen, back);
    await this.program.until(
      `${screen} ${there}, then ${back}`,
      (text) => text === before && this.#isWhole(),
    );
  }

  /** A key that gives the terminal away and takes it back: the same screen, painted anew. */
  async repainted(screen: Screen, name: string): Promise<void> {
    const count = () => this.program.sent().split('\u001b[?1049h').length;
    const [before, text] = [count(), this.program.text()];
    this.#note(screen, name);
    // Pressed while the terminal is only just back from the time before, it is not taken: once more, then.
    for (let tries = 5; count() === before; tries -= 1) {
      this.program.press(bytesOf(name));
      await this.program
        .until(`${screen} ${name}: painted anew`, () => count() > before, 1500)
        .catch((error: unknown) => {
          if (tries === 0) throw error;
        });
    }
    await this.program.until(`${screen} ${name}: as it was`, (now) => now === text);
  }

  async ends(screen: Screen, name: string): Promise<void> {
    this.program.press(bytesOf(name));
    this.#note(screen, name);
    expect(await this.program.waitExit()).toBe(0);
  }

  async type(text: string, wanted: string | RegExp): Promise<void> {
    this.program.press(text);
    await this.program.until(`${text}: ${wanted}`, (now) => this.#holds(now, wanted));
  }

  shot(name: string): void {
    const rule = '─'.repeat(Math.max(0, this.#columns - name.length - 4));
    this.#shots.push(`── ${name} ${rule}\n${this.program.text()}\n`);
  }

  /** All that was shown, to be compared with what lies in the repository. */
  async kept(): Promise<void> {
    const file = `./screens/every-key-${this.#columns}x${this.#rows}.txt`;
    await expect(this.#shots.join('\n')).toMatchFileSnapshot(file);
  }

  /** Fails for a key that does something and that no case presses. */
  covers(screen: Screen, keys: Iterable<string>): void {
    const missing = [...keys].filter((name) => this.tried.get(screen)?.has(name) !== true);
    expect(missing, `keys of “${screen}” without a case`).toEqual([]);
  }

  #note(screen: Screen, name: string): void {
    const names = this.tried.get(screen) ?? new Set();
    this.tried.set(screen, names.add(name));
  }

  #isWhole(): boolean {
    return this.program.isRead() && WHOLE.test(this.program.sent().slice(-LONGEST_TAIL));
  }

  #holds(text: string, wanted: string | RegExp): boolean {
    // Words may be broken over two rows where it is narrow.
    return typeof wanted === 'string' ? text.replace(/\s+/g, ' ').includes(wanted) : wanted.test(text);
  }
}
