import { write, writeSync } from 'node:fs';
import { WriteStream } from 'node:tty';

/** A terminal that was left non-blocking by somebody and is full at the moment. */
const FULL = 'EAGAIN';
const RETRY_MS = 10;

/**
 * Writes to a terminal without ever blocking the event loop: Node's own writes to a TTY do, for as long as the
 * terminal is stopped, and with them every timer and every child process. One write at a time.
 */
export class TerminalWriter {
  readonly #stdout: WriteStream;
  /** Null for what only looks like a terminal. */
  readonly #descriptor: number | null;
  #rest: Buffer | null = null;
  #isExiting = false;

  constructor(stdout: WriteStream) {
    this.#stdout = stdout;
    this.#descriptor = stdout instanceof WriteStream && 'fd' in stdout ? Number(stdout.fd) : null;
  }

  /** `done` is called when all of it is written, or cannot be: then the stream has told its error. */
  write(bytes: string, done: () => void): void {
    if (this.#descriptor === null) {
      this.#stdout.write(bytes, () => done());
      return;
    }
    this.#rest = Buffer.from(bytes);
    this.#step(this.#descriptor, done);
  }

  /** While the process ends nothing asynchronous is done any more. */
  writeAtExit(bytes: string): void {
    try {
      if (this.#descriptor === null) this.#stdout.write(bytes);
      else writeSync(this.#descriptor, bytes);
    } catch {
      // The terminal is gone.
    }
  }

  close(): void {
    this.#isExiting = true;
  }

  #step(descriptor: number, done: () => void): void {
    const rest = this.#rest ?? Buffer.alloc(0);
    write(descriptor, rest, 0, rest.length, null, (error, written) => {
      if (error?.code === FULL && !this.#isExiting) {
        setTimeout(() => this.#step(descriptor, done), RETRY_MS);
        return;
      }
      if (error !== null) {
        this.#rest = null;
        this.#stdout.emit('error', error);
        done();
        return;
      }
      this.#rest = rest.subarray(written);
      if (this.#rest.length > 0) this.#step(descriptor, done);
      else done();
    });
  }
}
