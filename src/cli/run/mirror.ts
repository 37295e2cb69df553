import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Sends the journal to a command's standard input as it is written, e.g. `ssh log-host 'cat >> web-07.jsonl'`. It
 * reads the file, so the run never waits for it. When the command ends before its time it is started again and given
 * all that the last one was given once more: what of that had arrived is not known. The same record has the same hash.
 */
export interface Mirror {
  /** There is more in the journal. */
  wake(): void;
  /** Sends what is left, ends the command's input and waits for it, for as long as given. True if all was sent. */
  finish(waitMs: number): Promise<boolean>;
}

export interface MirrorOptions {
  /** The responder's own shell text, from the command line. */
  readonly command: string;
  readonly journal: string;
  /** What is wrong, in words; null when it is right again. */
  readonly notice: (text: string | null) => void;
  /** Between two attempts. */
  readonly retryMs?: number;
}

const PIECE_BYTES = 64 * 1024;
const RETRY_MS = 2000;
const SLOW_MS = 10_000;

export async function startMirror(options: MirrorOptions): Promise<Mirror> {
  const { command, notice, retryMs = RETRY_MS } = options;
  const file = await open(options.journal, 'r');
  let wake = Promise.withResolvers<void>();
  let isFinishing = false;
  let isCut = false;
  let child: ChildProcess | null = null;
  let settledBytes = 0;

  async function pump(): Promise<boolean> {
    for (;;) {
      const ended = await oneCommand();
      if (ended === 'all-sent') return true;
      if (isCut) return false;
      notice(`the mirror is behind: its command ${ended}; it is tried again`);
      await Promise.race([new Promise((resolve) => setTimeout(resolve, retryMs).unref()), cut.promise]);
      if (isCut) return false;
    }
  }

  /** From its start to its end; what it was given counts as arrived only if it ended well. */
  async function oneCommand(): Promise<string> {
    const running = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'ignore', 'ignore'] });
    child = running;
    const gone = new Promise<string>((resolve) => {
      running.once('error', (error) => resolve(`could not be started (${error.message})`));
      running.once('close', (code, signal) => resolve(`ended (${signal ?? `exit code ${code}`})`));
    });
    running.stdin.on('error', () => undefined);
    // One that ends at once, again and again, has not caught up in between.
    const steady = setTimeout(() => notice(null), retryMs);
    void gone.then(() => clearTimeout(steady));
    let sentBytes = settledBytes;
    for (;;) {
      const piece = await readPiece(file, sentBytes);
      if (piece.length === 0) {
        if (isFinishing) break;
        const ended = await Promise.race([gone, wake.promise]);
        if (typeof ended === 'string') return ended;
        wake = Promise.withResolvers();
        continue;
      }
      sentBytes += piece.length;
      if (!running.stdin.write(piece)) {
        const slow = setTimeout(
          () => notice('the mirror is behind: its command takes nothing more'),
          SLOW_MS,
        );
        const ended = await Promise.race([
          gone,
          once(running.stdin, 'drain').then(
            () => null,
            () => null,
          ),
        ]);
        clearTimeout(slow);
        if (ended !== null) return ended;
        notice(null);
      }
      if (running.exitCode !== null || running.signalCode !== null) return gone;
    }
    running.stdin.end();
    const ended = await gone;
    if (running.exitCode !== 0) return ended;
    settledBytes = sentBytes;
    return 'all-sent';
  }

  const cut = Promise.withResolvers<void>();
  const pumping = pump().catch(() => false);
  return {
    wake: () => wake.resolve(),
    async finish(waitMs) {
      isFinishing = true;
      wake.resolve();
      const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), waitMs).unref());
      const isAllSent = await Promise.race([pumping, late]);
      isCut = true;
      cut.resolve();
      if (!isAllSent) child?.kill();
      await pumping;
      await file.close();
      return isAllSent;
    },
  };
}

async function readPiece(file: FileHandle, from: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, from);
  return buffer.subarray(0, bytesRead);
}
