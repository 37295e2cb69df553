import type { Vitals } from '../../engine/handle.ts';
import type { ChangeSign } from '../../findings/change-sign.ts';
import type { ScanOutcome, ScanScope } from '../../findings/scan.ts';
import type { Workbench } from '../workbench.ts';
import { scanRequest } from './scan-request.ts';
import { WatchPace } from './watch-pace.ts';

export interface LookOut {
  /** Milliseconds since the epoch. */
  readonly endsAtMs: number;
  readonly everyMs: number;
  readonly scopes: readonly ScanScope[];
  /** It begins right after something was done: what comes back at once comes back in the first minutes. */
  readonly isEager: boolean;
  readonly progressed?: (leftMs: number) => void;
  /** Told of each look, whatever it found. */
  readonly looked?: (vitals: Vitals) => void;
}

/** One look, and what made it look. */
export interface Sighting {
  readonly outcome: ScanOutcome;
  readonly signs: readonly ChangeSign[];
  /** 1, 2, … */
  readonly look: number;
}

export interface LookOutEnd {
  readonly looks: number;
  /** `settled`: `settle` said so. */
  readonly because: 'time' | 'settled' | 'aborted';
  /** Packets that were dropped on their way to blocked addresses, by address. */
  readonly dropped: ReadonlyMap<string, number>;
}

const MOST_SIGNS = 50;
/** Of one waiting: whoever leaves or takes over is not made to wait for its end. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Looks at its pace, earlier on signs of a change, until the time is over or `settle` has dealt with what was seen. Keeps nothing
 * that grows with the time, so that it can go on for days.
 */
export async function lookOut(
  bench: Workbench,
  { endsAtMs, everyMs, scopes, isEager, progressed, looked }: LookOut,
  settle: (sighting: Sighting) => Promise<boolean>,
): Promise<LookOutEnd> {
  const pace = new WatchPace({ nowMs: bench.nowMs(), everyMs, isEager });
  const dropped = new Map<string, number>();
  let signs: ChangeSign[] = [];
  let looks = 0;
  let droppedSince = 0;
  const end = (because: LookOutEnd['because']): LookOutEnd => ({ looks, because, dropped });
  while (!bench.signal().aborted) {
    if (pace.dueInMs(bench.nowMs(), signs.length > 0) <= 0) {
      const outcome = await bench.host.scan(scanRequest(bench, scopes), { signal: bench.signal() });
      if (bench.signal().aborted) break;
      looks += 1;
      looked?.({
        atMs: bench.nowMs(),
        busyPercent: outcome.busyPercent ?? null,
        connections: outcome.counts.connections ?? null,
        droppedPackets: droppedSince,
      });
      droppedSince = 0;
      pace.looked(bench.nowMs(), Math.max(1, outcome.tookMs - (outcome.waitedMs ?? 0)));
      if (await settle({ outcome, signs, look: looks })) return end('settled');
      signs = [];
    }
    const left = endsAtMs - bench.nowMs();
    if (left <= 0) return end('time');
    progressed?.(left);
    const due = pace.dueInMs(bench.nowMs(), signs.length > 0);
    const waitMs = Math.max(1, Math.min(due, left, LONGEST_WAIT_MS));
    if (signs.length > 0) {
      // It is known that a look is due: until then there is nothing to be told.
      await bench.pause(waitMs);
      continue;
    }
    const report = await bench.host.awaitChange({ waitMs, everyMs }, { signal: bench.signal() });
    for (const sign of report.signs) {
      if (sign.kind !== 'dropped') continue;
      dropped.set(sign.address, (dropped.get(sign.address) ?? 0) + sign.packets);
      droppedSince += sign.packets;
    }
    signs = report.signs.slice(0, MOST_SIGNS);
  }
  return end('aborted');
}
