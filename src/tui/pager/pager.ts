import type { OutputPart, OutputTime } from '../../engine/handle.ts';
import { clamp } from '../look/viewport.ts';
import { createStore, type Store } from '../store.ts';
import { findLine, queryOf } from './find-line.ts';
import { LineIndex } from './line-index.ts';
import { LineTimes } from './line-times.ts';
import { linesOf, showableLines } from './output-text.ts';

/** What of an output is on the screen. */
export interface PagerView {
  /** Index of the first line shown, and the lines from there on, showable. */
  readonly top: number;
  readonly lines: readonly string[];
  /** Whether `top` is known: of the end of an output that is still being counted it is not. */
  readonly isPlaced: boolean;
  readonly totalLines: number;
  readonly totalBytes: number;
  /** The whole output has been counted. */
  readonly isCounted: boolean;
  readonly query: string;
  /** Line of the last match; null when there is none. */
  readonly match: number | null;
  readonly message: string | null;
  readonly isFollowing: boolean;
}

/** Reads a part of the output; see IncidentHandle.readOutput. */
export type ReadPart = (fromByte: number, maxBytes: number) => Promise<OutputPart>;

const COUNT_CHUNK = 1 << 17;
const SEARCH_LINES = 16_384;
const SEARCH_BYTES = 1 << 17;
const MOST_WINDOW_BYTES = 1 << 20;
const TAIL_BYTES = 1 << 16;
const NOTHING = new Uint8Array(0);
/** Read around what is shown, so that a private key is recognised from its middle. */
const MARGIN_LINES = 80;

/**
 * One output, however long, through a window of a screen's height. Holds where lines begin and the lines on
 * the screen, never the output.
 */
export class Pager {
  readonly store: Store<PagerView>;
  readonly #read: ReadPart;
  readonly #index = new LineIndex();
  readonly #times: LineTimes;
  #height = 20;
  #isCounting = false;
  #isClosed = false;
  /** Only the latest search and the latest window matter. */
  #search = 0;
  #loads = 0;

  constructor(read: ReadPart, readTimes: () => Promise<readonly OutputTime[]> = async () => []) {
    this.#read = read;
    this.#times = new LineTimes(readTimes);
    this.store = createStore<PagerView>({
      top: 0,
      lines: [],
      isPlaced: true,
      totalLines: 0,
      totalBytes: 0,
      isCounted: false,
      query: '',
      match: null,
      message: null,
      isFollowing: false,
    });
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Takes in what the output has grown by. Resolves when all of it has been counted. */
  async grow(): Promise<void> {
    if (this.#isCounting) return;
    this.#isCounting = true;
    try {
      for (;;) {
        const part = await this.#read(this.#index.bytes, COUNT_CHUNK);
        if (this.#isClosed) return;
        const wasShort = this.#index.lines < this.store.get().top + this.#height;
        this.#index.append(part.bytes);
        const isCounted = this.#index.bytes >= part.totalBytes || part.bytes.length === 0;
        this.#set({ totalLines: this.#index.lines, totalBytes: part.totalBytes, isCounted });
        if (wasShort && !isCounted && !this.store.get().isFollowing) await this.#show(this.store.get().top);
        if (isCounted) break;
      }
      const { isFollowing, top } = this.store.get();
      await this.#show(isFollowing ? this.#lastTop() : top);
    } catch (error) {
      this.#set({ isCounted: true, message: `The output cannot be read: ${messageOf(error)}` });
    } finally {
      this.#isCounting = false;
    }
  }

  async setHeight(height: number): Promise<void> {
    if (height === this.#height || height < 1) return;
    this.#height = height;
    const { isFollowing, isCounted, top } = this.store.get();
    await (isFollowing && !isCounted ? this.#showTail() : this.#show(top));
  }

  /** Moves so many lines down, or up when negative. */
  async scroll(lines: number): Promise<void> {
    await this.scrollTo(this.store.get().top + lines);
  }

  async page(pages: number): Promise<void> {
    await this.scroll(pages * Math.max(1, this.#height - 1));
  }

  async scrollTo(line: number): Promise<void> {
    this.#set({ isFollowing: false, message: null });
    await this.#show(line);
  }

  async toEnd(isFollowing = false): Promise<void> {
    this.#set({ isFollowing, message: null });
    if (isFollowing && !this.store.get().isCounted) await this.#showTail();
    else await this.#show(this.#lastTop());
  }

  /** From the line after the last match (or the top) on, or backwards; goes round at the end. */
  async search(query: string, direction: 1 | -1): Promise<void> {
    const token = ++this.#search;
    if (query === '') return;
    const isSame = query === this.store.get().query;
    const { match, top } = this.store.get();
    const from = isSame && match !== null ? match + direction : top;
    this.#set({ query, message: `Searching for “${query}”…`, isFollowing: false });
    try {
      const total = this.#index.lines;
      const found =
        direction === 1
          ? ((await this.#find(query, from, total, 1, token)) ?? (await this.#find(query, 0, from, 1, token)))
          : ((await this.#find(query, 0, from + 1, -1, token)) ??
            (await this.#find(query, from + 1, total, -1, token)));
      if (token !== this.#search || this.#isClosed) return;
      if (found === null) {
        this.#set({ match: null, message: `“${query}” is not in it` });
        return;
      }
      this.#set({ match: found, message: null });
      const isInSight = found >= this.store.get().top && found < this.store.get().top + this.#height;
      await this.#show(isInSight ? this.store.get().top : found - Math.floor(this.#height / 3));
    } catch (error) {
      this.#set({ message: `The output cannot be read: ${messageOf(error)}` });
    }
  }

  /** Has `timeOf` know what there is to know by now. */
  async loadTimes(): Promise<void> {
    await this.#times
      .load()
      .catch((error: unknown) => this.say(`The times cannot be read: ${messageOf(error)}`));
    this.#set({});
  }

  /** When this line came, `04:12:09`; '' where that is not known. */
  timeOf(line: number): string {
    return this.#times.of(this.#index.startOf(line));
  }

  /** Something about it, until the next key. */
  say(message: string): void {
    this.#set({ message });
  }

  cancelSearch(): void {
    this.#search += 1;
    this.#set({ message: null });
  }

  /** The first (or, backwards, the last) line in [from, to) that holds the query; null if none or superseded. */
  async #find(
    query: string,
    from: number,
    to: number,
    direction: 1 | -1,
    token: number,
  ): Promise<number | null> {
    const wanted = queryOf(query);
    let [start, end] = [Math.max(0, from), to];
    while (start < end) {
      let count = Math.min(SEARCH_LINES, end - start);
      const block = (): [number, number] => (direction === 1 ? [start, start + count] : [end - count, end]);
      while (count > 1 && this.#span(...block()) > SEARCH_BYTES) count = Math.ceil(count / 2);
      const [first, after] = block();
      const at = findLine(await this.#bytes(first, after), wanted, direction);
      if (token !== this.#search || this.#isClosed) return null;
      if (at !== null) return first + at;
      if (direction === 1) start = after;
      else end = first;
    }
    return null;
  }

  #lastTop(): number {
    return Math.max(0, this.#index.lines - this.#height);
  }

  async #show(line: number): Promise<void> {
    const top = clamp(line, 0, this.#lastTop());
    const end = top + this.#height;
    const margin = this.#span(top - MARGIN_LINES, end + MARGIN_LINES) > MOST_WINDOW_BYTES ? 0 : MARGIN_LINES;
    const from = Math.max(0, top - margin);
    await this.#load(async () => {
      const lines = showableLines(await this.#lines(from, end + margin));
      return { top, lines: lines.slice(top - from, top - from + this.#height), isPlaced: true };
    });
  }

  /** The end at once; how many lines come before it is not known before all of them are counted. */
  async #showTail(): Promise<void> {
    await this.#load(async () => {
      const { totalBytes } = await this.#read(0, 1);
      const from = Math.max(0, totalBytes - TAIL_BYTES);
      const { bytes } = await this.#read(from, TAIL_BYTES);
      if (this.store.get().isCounted) return {};
      const lines = showableLines(linesOf(bytes));
      const whole = lines.slice(from === 0 ? 0 : 1, lines.at(-1) === '' ? -1 : lines.length);
      return { lines: whole.slice(-this.#height), isPlaced: false, totalBytes };
    });
  }

  /** What is to be shown, unless something else is meanwhile. */
  async #load(read: () => Promise<Partial<PagerView>>): Promise<void> {
    const token = ++this.#loads;
    try {
      const change = await read();
      if (token === this.#loads) this.#set(change);
    } catch (error) {
      if (token === this.#loads) this.#set({ message: `The output cannot be read: ${messageOf(error)}` });
    }
  }

  /** Bytes from one line to another. */
  #span(from: number, to: number): number {
    return this.#index.startOf(to) - this.#index.startOf(from);
  }

  async #lines(from: number, to: number): Promise<readonly string[]> {
    const bytes = await this.#bytes(from, to);
    return bytes.length === 0 ? [] : linesOf(bytes).slice(0, Math.min(to, this.#index.lines) - from);
  }

  async #bytes(from: number, to: number): Promise<Uint8Array> {
    const last = Math.min(to, this.#index.lines);
    const start = this.#index.startOf(from);
    const length = from >= last ? 0 : Math.min(this.#index.startOf(last) - start, MOST_WINDOW_BYTES);
    return length <= 0 ? NOTHING : (await this.#read(start, length)).bytes;
  }

  #set(change: Partial<PagerView>): void {
    if (!this.#isClosed) this.store.set({ ...this.store.get(), ...change });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
