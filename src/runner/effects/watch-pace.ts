/** Of one core, what looking may cost over a long time; seeing changes costs as much again at most. */
export const LOOKS_SHARE = 0.0015;
/** What comes back at once comes back in these minutes: they are not counted. */
export const EAGER_MS = 10 * 60_000;
/** Saved for looks on signs, and there from the start: over days it does not count. */
const MOST_SAVED_MS = 60_000;

/**
 * When to look again. Looking costs CPU time on a host that has work to do, so each look is paid for out of a small share of a
 * core that is saved up while it is quiet: half of it goes into looks at regular times, the rest is there for signs.
 * Over a long time the cost therefore cannot exceed the share, whatever a look costs.
 */
export class WatchPace {
  readonly #everyMs: number;
  readonly #eagerUntilMs: number;
  #savedMs: number;
  #lastMs: number;
  #lookedMs: number;
  #costMs = 0;

  constructor(options: { readonly nowMs: number; readonly everyMs: number; readonly isEager: boolean }) {
    const { nowMs, everyMs, isEager } = options;
    this.#everyMs = everyMs;
    this.#eagerUntilMs = isEager ? nowMs + EAGER_MS : nowMs;
    this.#savedMs = MOST_SAVED_MS;
    this.#lastMs = nowMs;
    this.#lookedMs = Number.NEGATIVE_INFINITY;
  }

  /** A look has ended that took so long. */
  looked(nowMs: number, tookMs: number): void {
    this.#earn(nowMs);
    if (nowMs >= this.#eagerUntilMs) this.#savedMs -= tookMs;
    this.#lookedMs = nowMs;
    this.#costMs = tookMs;
  }

  /** Milliseconds until the next look is due. */
  dueInMs(nowMs: number, hasSign: boolean): number {
    if (this.#lookedMs === Number.NEGATIVE_INFINITY) return 0;
    const sinceMs = nowMs - this.#lookedMs;
    const least = Math.max(0, this.#everyMs - sinceMs);
    if (nowMs < this.#eagerUntilMs) return least;
    this.#earn(nowMs);
    const wanted = hasSign
      ? this.#costMs
      : Math.min(MOST_SAVED_MS, Math.max(MOST_SAVED_MS / 2, 2 * this.#costMs));
    const lacking = Math.max(0, wanted - this.#savedMs);
    return Math.max(least, Math.ceil(lacking / LOOKS_SHARE));
  }

  #earn(nowMs: number): void {
    const passed = Math.max(0, nowMs - this.#lastMs);
    this.#savedMs = Math.min(MOST_SAVED_MS, this.#savedMs + passed * LOOKS_SHARE);
    this.#lastMs = nowMs;
  }
}
