import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EAGER_MS, LOOKS_SHARE, WatchPace } from '../../src/runner/effects/watch-pace.ts';

const DAY = 86_400_000;

/** Looks for so long, each look at so much CPU time; `signs` says whether there is one at a time. */
function play(costMs: number, forMs: number, signs: (atMs: number) => boolean, isEager = false) {
  const pace = new WatchPace({ nowMs: 0, everyMs: 10_000, isEager });
  let spentMs = 0;
  let looks = 0;
  for (let at = 0; at < forMs; ) {
    const due = pace.dueInMs(at, signs(at));
    if (due > 0) {
      at += Math.min(due, 60_000);
      continue;
    }
    spentMs += costMs;
    looks += 1;
    at += costMs;
    pace.looked(at, costMs);
  }
  return { spentMs, looks };
}

test('eight days cost less than half a percent of a core, whatever a look costs and however much happens', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 20_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (costMs, busy) => {
        const { spentMs } = play(costMs, 8 * DAY, (at) => Math.sin(at / 1000) * 0.5 + 0.5 < busy);
        expect(spentMs / (8 * DAY)).toBeLessThan(LOOKS_SHARE + 0.0005);
      },
    ),
    { numRuns: 30 },
  );
});

test('a sign is followed by a look within seconds, once it has been quiet for a while', () => {
  const pace = new WatchPace({ nowMs: 0, everyMs: 10_000, isEager: false });
  pace.looked(0, 1500);
  expect(pace.dueInMs(3_600_000, true)).toBe(0);
});

test('without signs it looks all the same, at the share that is left for it', () => {
  const { looks } = play(500, DAY, () => false);
  expect(looks).toBeGreaterThan(100);
  expect(looks).toBeLessThan(600);
});

test('right after something was done it looks as often as it was told', () => {
  const { looks } = play(500, EAGER_MS, () => false, true);
  expect(looks).toBeGreaterThanOrEqual(55);
});
