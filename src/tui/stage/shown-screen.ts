import { encode } from './encode.ts';
import { type Grid, parseGrid } from './grid.ts';
import { rewritten } from './rewritten.ts';

/** What the terminal shows, as far as that is known, and what to write so that it shows something else. */
export class ShownScreen {
  #grid: Grid | null = null;

  get isKnown(): boolean {
    return this.#grid !== null;
  }

  forget(): void {
    this.#grid = null;
  }

  /** The bytes that make a frame of it; '' if it shows that already. */
  toFrame(text: string, columns: number, rows: number): string {
    const grid = parseGrid(text, columns || 80, rows || text.split('\n').length);
    const before = this.#grid;
    this.#grid = grid;
    return grid === null
      ? `\u001b[m\u001b[H\u001b[J${text.replaceAll('\n', '\r\n')}\u001b[m`
      : encode(before, grid);
  }

  /** The bytes that write `after` where its first row has `before`; null where that does not stand there once. */
  toRewritten(before: string, after: string): string | null {
    const next = this.#grid === null ? null : rewritten(this.#grid, before, after);
    if (next === null) return null;
    const bytes = encode(this.#grid, next);
    this.#grid = next;
    return bytes;
  }
}
