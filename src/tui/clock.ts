/** The time for what is on the screen: seconds, told at most once a second and only while somebody looks. */
export interface Clock {
  /** Milliseconds since the epoch, the same from tick to tick. */
  now(): number;
  subscribe(listener: () => void): () => void;
}

/** `passes`: what a second changed on the screen is there already, so that nobody need be told. */
export function createClock(
  readMs: () => number = Date.now,
  passes: (beforeMs: number, nowMs: number) => boolean = () => false,
): Clock {
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | null = null;
  let shownMs = readMs();
  const tick = () => {
    const beforeMs = shownMs;
    shownMs = readMs();
    if (passes(beforeMs, shownMs)) return;
    for (const listener of listeners) listener();
  };
  return {
    now: () => shownMs,
    subscribe(listener) {
      listeners.add(listener);
      if (timer === null) {
        shownMs = readMs();
        timer = setInterval(tick, 1000);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && timer !== null) {
          clearInterval(timer);
          timer = null;
        }
      };
    },
  };
}
