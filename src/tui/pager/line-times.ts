import type { OutputTime } from '../../engine/handle.ts';

/** When lines of an output came, as far as it was kept. */
export class LineTimes {
  readonly #read: () => Promise<readonly OutputTime[]>;
  #times: readonly OutputTime[] = [];

  constructor(read: () => Promise<readonly OutputTime[]>) {
    this.#read = read;
  }

  async load(): Promise<void> {
    this.#times = await this.#read();
  }

  /** `04:12:09`, UTC as the journal has it, of the line that begins at this byte; '' where it is not known. */
  of(byte: number): string {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle]?.fromByte ?? 0) <= byte) low = middle + 1;
      else high = middle;
    }
    const found = this.#times[low - 1];
    return found === undefined ? '' : new Date(found.atMs).toISOString().slice(11, 19);
  }
}
