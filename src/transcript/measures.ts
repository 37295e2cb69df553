import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import type { OperationKind } from '../operations/operation.ts';

/** What an incident took, in milliseconds since it was opened; null: that did not happen. */
export interface Measures {
  /** Until the host was isolated, or, where it never was, until the first process was ended. */
  readonly containedAfterMs: number | null;
  /** Until the last step was finished by anybody. */
  readonly lastedMs: number;
  /** By all watches together. */
  readonly watchedMs: number | null;
  readonly watchLooks: number;
}

/** Read from what the journal says was done, also if it was undone afterwards: it had been contained. */
export function measuresOf(incident: Incident, records: readonly JournalRecord[]): Measures {
  const kinds = new Map(
    incident.steps.flatMap((step) =>
      step.operations
        // An isolation that took itself back, because nobody confirmed it, was there for its minute only.
        .filter(({ status }) => status !== 'failed')
        .map(({ operation }) => [operation.id, operation.kind] as const),
    ),
  );
  const firstDone = (kind: OperationKind) =>
    records.find(
      ({ event }) =>
        event.kind === 'operation-finished' &&
        event.outcome.status === 'done' &&
        kinds.get(event.operationId) === kind,
    )?.at ?? null;
  const watches = incident.steps.flatMap(({ watch, finishedAt }) =>
    watch === null ? [] : [{ ...watch, forMs: between(watch.startedAt, finishedAt ?? incident.lastAt) ?? 0 }],
  );
  const contained = firstDone('isolate-host') ?? firstDone('kill-process');
  return {
    containedAfterMs: contained === null ? null : between(incident.openedAt, contained),
    lastedMs: between(incident.openedAt, incident.closedAt ?? incident.lastAt) ?? 0,
    watchedMs: watches.length === 0 ? null : watches.reduce((sum, { forMs }) => sum + forMs, 0),
    watchLooks: watches.reduce((sum, { looks }) => sum + looks, 0),
  };
}

/** A clock that was set back makes no negative time. */
function between(from: string, to: string): number | null {
  const ms = Date.parse(to) - Date.parse(from);
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
