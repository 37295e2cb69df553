import { describeRecord, type RecordDescription } from '../engine/describe-record.ts';
import type { EventKind, JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';

/** A record that the course of the incident is told by. */
export interface Milestone extends RecordDescription {
  readonly seq: number;
  readonly at: string;
  readonly by: string;
}

const TURNING: ReadonlySet<EventKind> = new Set<EventKind>([
  'incident-opened',
  'runner-attached',
  'runner-detached',
  'taken-over',
  'step-finished',
  'step-skipped',
  'step-done-by-hand',
  'step-undone',
  'undo-requested',
  'operation-confirmed',
  'watch-finished',
  'note-added',
  'shell-opened',
  'shell-closed',
  'incident-closed',
  'incident-reopened',
]);

/** More than this is not read as a story. */
const AT_MOST = 150;

/** What turned and what went wrong, in order; how many of them were left out for being too many. */
export function milestonesOf(
  records: readonly JournalRecord[],
  incident: Incident,
): { readonly milestones: readonly Milestone[]; readonly leftOut: number } {
  const all = records.flatMap((record): Milestone[] => {
    const said = describeRecord(record, incident);
    if (!TURNING.has(record.event.kind) && !said.isTrouble) return [];
    return [{ ...said, seq: record.seq, at: record.at, by: record.by }];
  });
  if (all.length <= AT_MOST) return { milestones: all, leftOut: 0 };
  const half = AT_MOST / 2;
  return { milestones: [...all.slice(0, half), ...all.slice(-half)], leftOut: all.length - AT_MOST };
}
