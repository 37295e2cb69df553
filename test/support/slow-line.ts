/** A line between a program and its terminal, as of an ssh over a bad connection. */
export interface LineOptions {
  readonly bytesPerSecond: number;
  readonly roundTripMs: number;
  /** What the line takes in before it stops taking: the buffers of sshd and of TCP. */
  readonly bufferBytes?: number;
}

export interface LineEnds {
  /** The terminal shows it. */
  readonly show: (bytes: Buffer) => void;
  /** The program reads it. */
  readonly type: (keys: string) => void;
  /** The program's side takes no more, or takes again. */
  readonly hold: (isHeld: boolean) => void;
}

const BUFFER_BYTES = 64 * 1024;
const TURN_MS = 5;

/** Lets through so many bytes a second, each of them half a round trip late; without loss. */
export class SlowLine {
  readonly #options: LineOptions;
  readonly #ends: LineEnds;
  #queue = Buffer.alloc(0);
  /** Whole and parts of bytes that may go. */
  #due = 0;
  #lastMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #isHeld = false;

  constructor(options: LineOptions, ends: LineEnds) {
    this.#options = options;
    this.#ends = ends;
  }

  /** What waits before the line. */
  get queued(): number {
    return this.#queue.length;
  }

  /** From the program. */
  send(bytes: Buffer): void {
    this.#queue = Buffer.concat([this.#queue, bytes]);
    this.#hold(this.#queue.length >= (this.#options.bufferBytes ?? BUFFER_BYTES));
    if (this.#timer !== null) return;
    this.#lastMs = performance.now();
    this.#due = 0;
    this.#timer = setTimeout(this.#turn, TURN_MS);
  }

  /** From the keyboard. */
  press(keys: string): void {
    setTimeout(() => this.#ends.type(keys), this.#options.roundTripMs / 2);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  readonly #turn = () => {
    const nowMs = performance.now();
    this.#due += ((nowMs - this.#lastMs) / 1000) * this.#options.bytesPerSecond;
    this.#lastMs = nowMs;
    const count = Math.min(this.#queue.length, Math.floor(this.#due));
    if (count > 0) {
      const part = this.#queue.subarray(0, count);
      this.#queue = this.#queue.subarray(count);
      this.#due -= count;
      setTimeout(() => this.#ends.show(part), this.#options.roundTripMs / 2);
    }
    this.#hold(this.#queue.length >= (this.#options.bufferBytes ?? BUFFER_BYTES));
    this.#timer = this.#queue.length > 0 ? setTimeout(this.#turn, TURN_MS) : null;
  };

  #hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#ends.hold(isHeld);
  }
}
