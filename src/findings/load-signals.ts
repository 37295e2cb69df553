import type { ObservedProcess } from './observation.ts';
import type { Signal } from './weigh.ts';

const BUSY_PERCENT = 80;
/** MiB: a dataset of 2080, a cache of 256 that may be freed, 2 for each thread (RandomX, doc/design.md and configuration). */
const RANDOMX_LEAST = 2_080;
const RANDOMX_MOST = 2_500;

/** How much it computes, and with how much memory. Weak both: whoever compresses or counts does so too. */
export function loadSignals(seen: Pick<ObservedProcess, 'cpuPercent' | 'ownMemoryMiB'>): Signal[] {
  if (seen.cpuPercent === null || seen.cpuPercent < BUSY_PERCENT) return [];
  const signals: Signal[] = [
    { topic: 'cpu', code: 'busy', text: `It uses ${Math.round(seen.cpuPercent)} % of a core`, weight: 15 },
  ];
  const memory = seen.ownMemoryMiB ?? 0;
  if (memory >= RANDOMX_LEAST && memory <= RANDOMX_MOST) {
    const text = `It computes with ${(memory / 1024).toFixed(1)} GiB of its own, as much as RandomX takes; databases may, too`;
    signals.push({ topic: 'memory', code: 'randomx-memory', text, weight: 15 });
  }
  return signals;
}
