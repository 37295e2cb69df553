import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import type { SuspendTerminal } from 'ink';
import type { Stage } from '../stage/stage.ts';

/** Long enough for a stop to reach this process; where nobody can stop it (no job control), the screen comes back then. */
const STOP_MS = 300;

/**
 * The terminal beside its screen: that it can go away at any moment, that it can be lent to the shell (Ctrl-Z),
 * and that it may have to be drawn anew.
 */
export class TerminalPort {
  /** What stands between Ink and the terminal. */
  stage: Pick<Stage, 'beforeLeaving' | 'written' | 'cameBack'> | null = null;
  /** Ink's own, set by the screen once it is there. */
  suspendTerminal: SuspendTerminal | null = null;
  readonly #stdin: ReadStream;
  #gone: (() => void) | null = null;
  #isLent = false;
  // With the terminal gone nothing else may keep the process alive until the incident is left in order.
  readonly #keepAlive = setInterval(() => undefined, 60_000);

  constructor(stdin: ReadStream, stdout: WriteStream) {
    this.#stdin = stdin;
    // A closed pty gives EIO on either stream; unhandled, it would end the process in the middle of things.
    stdin.on('error', this.#lost);
    stdin.on('end', this.#lost);
    stdout.on('error', this.#lost);
    process.on('SIGHUP', this.#lost);
    process.on('SIGTERM', this.#lost);
    process.on('SIGCONT', this.#continued);
  }

  /** Called once. */
  onGone(listener: () => void): void {
    this.#gone = listener;
  }

  /** To the shell, until it brings us back. */
  async suspend(): Promise<void> {
    await this.#lend(async () => {
      // The whole process group, as the terminal itself would: a launcher above must stop too.
      process.kill(0, 'SIGTSTP');
      await delay(STOP_MS);
    });
  }

  /**
   * Gives screen and keyboard to a program of `during` until it is done.
   * @throws what `during` throws; the screen is ours again by then.
   */
  async lend(during: () => Promise<void>): Promise<void> {
    await this.#lend(async () => {
      // Node goes on reading a terminal that it has once read: what is typed for the other would be taken away from it.
      await setImmediate();
      this.#stdin.pause();
      await setImmediate();
      await during();
    });
  }

  async redraw(): Promise<void> {
    await this.#lend(() => undefined);
  }

  close(): void {
    clearInterval(this.#keepAlive);
    this.#stdin.off('end', this.#lost);
    process.off('SIGHUP', this.#lost);
    process.off('SIGTERM', this.#lost);
    process.off('SIGCONT', this.#continued);
    // The error handlers stay: an EIO can still arrive while the process ends.
    this.#gone = null;
  }

  async #lend(during: () => void | Promise<void>): Promise<void> {
    if (this.#isLent || this.suspendTerminal === null) return;
    this.#isLent = true;
    try {
      await this.stage?.beforeLeaving();
      await this.suspendTerminal(async () => {
        await this.stage?.written();
        await during();
      });
    } finally {
      this.stage?.cameBack();
      this.#isLent = false;
    }
  }

  readonly #lost = () => {
    const gone = this.#gone;
    this.#gone = null;
    gone?.();
  };

  readonly #continued = () => {
    void this.redraw();
  };
}
