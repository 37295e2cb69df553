import { decodeHostBytes } from '../text/host-bytes.ts';

const MOST_LINES = 200;
const MOST_LINE_LENGTH = 4096;

/** The last lines of what a command is printing, for showing while it runs. The whole is in the output file. */
export class LiveOutput {
  #lines: string[] = [];
  #rest = '';

  add(bytes: Uint8Array): void {
    // Only the end can be seen: of a flood the rest is not even decoded.
    const text =
      this.#rest + decodeHostBytes(bytes.subarray(Math.max(0, bytes.length - MOST_LINES * MOST_LINE_LENGTH)));
    const pieces = text.split('\n');
    this.#rest = (pieces.pop() ?? '').slice(-MOST_LINE_LENGTH);
    for (const piece of pieces.slice(-MOST_LINES)) this.#lines.push(piece.slice(0, MOST_LINE_LENGTH));
    if (this.#lines.length > MOST_LINES) this.#lines = this.#lines.slice(-MOST_LINES);
  }

  tail(): readonly string[] {
    return this.#rest === '' ? [...this.#lines] : [...this.#lines, this.#rest].slice(-MOST_LINES);
  }

  clear(): void {
    this.#lines = [];
    this.#rest = '';
  }
}
