/** The time for what is on the screen: seconds, told at most once a second and only while somebody looks. */
export interface Clock {
  /** Milliseconds since the epoch, the same from tick to tick. */
  now(): number;
  subscribe(listener: () => void): () => void;
}

export function createClock(readMs: () => number = Date.now): Clock {
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | null = null;
  let shownMs = readMs();
  const tick = () => {
    shownMs = readMs();
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
