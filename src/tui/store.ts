import type { IncidentHandle, IncidentView } from '../engine/handle.ts';

/** A value outside React that screens subscribe to (useSyncExternalStore). */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  const listeners = new Set<() => void>();
  let current = initial;
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Between two frames that differ in output or progress alone. */
const OUTPUT_INTERVAL_MS = 100;

/**
 * The incident as it is shown. What the responder must know at once (a question, a step, an operation) is passed
 * on at once; output and progress are gathered, or a talkative command would fill a slow line with frames.
 */
export function createIncidentStore(handle: IncidentHandle): Store<IncidentView> & { close(): void } {
  const store = createStore(handle.view());
  let timer: NodeJS.Timeout | null = null;
  const publish = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    store.set(handle.view());
  };
  const unsubscribe = handle.subscribe(() => {
    if (isUrgent(store.get(), handle.view())) publish();
    else timer ??= setTimeout(publish, OUTPUT_INTERVAL_MS);
  });
  return {
    ...store,
    close() {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function isUrgent(shown: IncidentView, next: IncidentView): boolean {
  return (
    shown.incident !== next.incident ||
    shown.question !== next.question ||
    shown.stopped !== next.stopped ||
    shown.activity?.kind !== next.activity?.kind ||
    shown.activity?.operationId !== next.activity?.operationId
  );
}
