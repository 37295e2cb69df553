import { describeRecord, type RecordDescription } from '../engine/describe-record.ts';
import type { EventKind, JournalRecord, StepPlan } from '../engine/event.ts';
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
  'plan-approved',
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
  const planned = new Map<string, StepPlan>();
  const all = records.flatMap((record): Milestone[] => {
    const { event } = record;
    if (event.kind === 'plan-made') planned.set(event.stepId, event.plan);
    const described = describeRecord(record, incident);
    const said = event.kind === 'plan-approved' ? approved(described, planned.get(event.stepId)) : described;
    // Going on where there was nothing to do decides nothing.
    if (said === null) return [];
    // That a look could not see everything stands with its step, and under what is open.
    if (event.kind === 'step-looked') return [];
    if (!TURNING.has(event.kind) && !said.isTrouble) return [];
    return [{ ...said, seq: record.seq, at: record.at, by: record.by }];
  });
  if (all.length <= AT_MOST) return { milestones: all, leftOut: 0 };
  const half = AT_MOST / 2;
  return { milestones: [...all.slice(0, half), ...all.slice(-half)], leftOut: all.length - AT_MOST };
}

/** Who agreed to how much, and how bad that could get; null where nothing was to be agreed to. */
function approved(said: RecordDescription, plan: StepPlan | undefined): RecordDescription | null {
  const count = plan?.operations.length ?? 0;
  if (plan === undefined || count === 0) return null;
  return { ...said, text: `${said.text}: ${count} operation${count === 1 ? '' : 's'}, ${plan.risk}` };
}
