/** Where each line of an output begins, so that line 900,000 is found without reading what is before it. */
export class LineIndex {
  #starts = new Float64Array(1024);
  #count = 1;
  #bytes = 0;
  #endsInNewline = false;

  /** Bytes taken in so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Lines so far; the one being written counts, an empty one after the last line end does not. */
  get lines(): number {
    if (this.#bytes === 0) return 0;
    return this.#endsInNewline ? this.#count - 1 : this.#count;
  }

  /** The next bytes of the output. */
  append(chunk: Uint8Array): void {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) {
      if (this.#count === this.#starts.length) this.#grow();
      this.#starts[this.#count] = this.#bytes + at + 1;
      this.#count += 1;
    }
    this.#bytes += chunk.length;
    if (chunk.length > 0) this.#endsInNewline = chunk[chunk.length - 1] === 10;
  }

  /** First byte of a line; of one after the last, the end. */
  startOf(line: number): number {
    return line < this.#count ? (this.#starts[Math.max(0, line)] ?? this.#bytes) : this.#bytes;
  }

  #grow(): void {
    const larger = new Float64Array(this.#starts.length * 2);
    larger.set(this.#starts);
    this.#starts = larger;
  }
}
