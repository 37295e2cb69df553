import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/event.ts';
import { Incidents, run } from './program.ts';

describe('the drill with a miner and a guard that start each other again', () => {
  let incidents: Incidents;
  beforeAll(async () => {
    incidents = await Incidents.make();
  });
  afterAll(() => incidents.end());
  const tourniquet = (...args: string[]) => run(['--incident-dir', incidents.folder, ...args]);

  test('is won unattended: both are frozen before either is killed, and neither comes back', async () => {
    const drill = tourniquet(
      ...['drill', '--scenario', 'watchdog', '--seed', '7'],
      ...['--yes', '--max-risk', 'irreversible', '--input', 'watch-for=5s'],
    );
    expect(drill.stdout + drill.stderr).toContain('Drill won');
    expect(drill.stdout).toMatch(/damaged +nothing/);
    expect(drill.stdout).toMatch(/evicted +15 of 15/);
    expect(drill.code).toBe(0);

    const records = await incidents.records(incidents.newest());
    const begun = startedIn(records, 'kill-process');
    expect(begun.filter((kind) => kind === 'kill-process').length).toBeGreaterThanOrEqual(2);
    expect(begun.indexOf('kill-process')).toBeGreaterThan(begun.indexOf('freeze-process'));
    // The miner and its guards stop in one pass: none sees another stop.
    const frozen = records.flatMap(({ event }) =>
      event.kind === 'plan-made' && event.stepId === 'kill-process'
        ? event.plan.operations.flatMap((one) =>
            one.kind === 'freeze-process' ? [1 + (one.others?.length ?? 0)] : [],
          )
        : [],
    );
    expect(frozen[0]).toBeGreaterThanOrEqual(2);
    expect(
      records.some(({ event }) => event.kind === 'watch-finished' && event.stepId === 'kill-process'),
    ).toBe(true);
  }, 120_000);
});

/** Kinds of the operations that a step began, in order. */
function startedIn(records: readonly JournalRecord[], stepId: string): string[] {
  const kinds = new Map<string, string>();
  const begun: string[] = [];
  for (const { event } of records) {
    if (event.kind === 'plan-made' && event.stepId === stepId) {
      for (const { id, kind } of event.plan.operations) kinds.set(id, kind);
    } else if (event.kind === 'operation-started' && event.stepId === stepId) {
      begun.push(kinds.get(event.operationId) ?? 'unknown');
    }
  }
  return begun;
}
