import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Reads on in a growing file. */
export class Tail {
  readonly #path: string;
  #at = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Hands over what has come since the last time. */
  read(take: (bytes: Uint8Array) => void): void {
    let fd: number;
    try {
      fd = openSync(this.#path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch {
      return;
    }
    try {
      // Up to what is there now: something that writes without end must not keep us here.
      const { size } = fstatSync(fd);
      while (this.#at < size) {
        const piece = Buffer.allocUnsafe(Math.min(256 * 1024, size - this.#at));
        const count = readSync(fd, piece, 0, piece.length, this.#at);
        if (count === 0) break;
        this.#at += count;
        take(piece.subarray(0, count));
      }
    } finally {
      closeSync(fd);
    }
  }
}
