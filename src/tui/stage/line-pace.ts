/** Asks the terminal for its status (ECMA-48 DSR); whatever was written before has arrived when it answers. */
const ASK = '\u001b[5n';
/** Asks for the background's colour (xterm, OSC 11). Once, with the first question, whose answer comes after this one's. */
const ASK_COLOUR = '\u001b]11;?\u0007';
/** From then on a question counts as lost. */
const LOST_MS = 3000;

/**
 * How fast the line takes what is written. Over a slow one, frames would pile up in its buffers, and a key be
 * answered behind all of them: so the terminal is asked after each frame, and the next may wait for the answer.
 * A terminal that has never answered is asked once, and never waited for.
 */
export class LinePace {
  #asked = 0;
  #hasAnswered = false;
  #isAllowed = true;
  #timer: NodeJS.Timeout | null = null;
  #whenFree: () => void = () => undefined;
  #wasAsked = false;
  #whenQuiet: (() => void)[] = [];

  /** Called whenever there is nothing to wait for any more. */
  onFree(listener: () => void): void {
    this.#whenFree = listener;
  }

  get isWaiting(): boolean {
    return this.#asked > 0 && this.#hasAnswered;
  }

  /** To be written behind a frame; '' if the terminal is not to be asked. */
  question(): string {
    if (!this.#isAllowed || (this.#wasAsked && !this.#hasAnswered)) return '';
    const first = this.#wasAsked ? '' : ASK_COLOUR;
    this.#wasAsked = true;
    this.#asked += 1;
    this.#timer ??= setTimeout(this.#lost, LOST_MS);
    return `${first}${ASK}`;
  }

  answered(): void {
    this.#hasAnswered = true;
    this.#asked = Math.max(0, this.#asked - 1);
    this.#stopTimer();
    if (this.#asked > 0) this.#timer = setTimeout(this.#lost, LOST_MS);
    else this.#free();
  }

  /** No more questions, until they are allowed again: the keyboard is about to be somebody else's. */
  allow(isAllowed: boolean): void {
    this.#isAllowed = isAllowed;
  }

  /** Resolves when no answer can come in any more, or has not come for a second. */
  async quiet(): Promise<void> {
    if (this.#asked === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#hasAnswered ? 1000 : 300);
      this.#whenQuiet.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Whether an answer may still come in. */
  get isAnswerDue(): boolean {
    return this.#asked > 0;
  }

  close(): void {
    this.#stopTimer();
    this.#asked = 0;
    this.#free();
  }

  readonly #lost = () => {
    this.#timer = null;
    this.#asked = 0;
    this.#free();
  };

  #free(): void {
    for (const tell of this.#whenQuiet.splice(0)) tell();
    this.#whenFree();
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
