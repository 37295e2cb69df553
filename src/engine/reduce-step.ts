import type { Event, JournalRecord } from './event.ts';
import type { StepState } from './incident.ts';
import { lookAgain, toDo, withoutPending, withoutPlan } from './step-state.ts';

/** Events that change one step and nothing else of the incident. */
export type StepEvent = Exclude<
  Extract<Event, { stepId: string }>,
  { operationId: string } | { kind: 'note-added' | 'undo-requested' | 'step-undone' | 'step-opened' }
>;

export function applyToStep(
  step: StepState,
  event: StepEvent,
  { at, by }: Pick<JournalRecord, 'at' | 'by'>,
): StepState {
  switch (event.kind) {
    case 'step-looked':
      return {
        ...withoutPlan(step),
        findings: event.outcome.findings,
        unknowns: event.outcome.unknowns,
        chosen: event.chosen,
        startedAt: step.startedAt ?? at,
      };
    case 'findings-chosen':
      return { ...withoutPlan(step), chosen: event.findingIds };
    case 'plan-made':
      return { ...step, plan: event.plan, plansMade: event.plan.number, isApproved: false };
    case 'plan-withdrawn':
      return { ...lookAgain(step, 'todo'), reason: event.reason, plansMade: step.plansMade };
    case 'plan-approved':
      return {
        ...step,
        status: 'running',
        isApproved: true,
        reason: null,
        operations: [...withoutPending(step.operations), ...(step.plan?.operations ?? []).map(toDo)],
        watch: step.plan?.watch ? { startedAt: at, looks: 0, returned: 0, isFinished: false } : null,
      };
    case 'watch-looked':
      return step.watch === null
        ? step
        : {
            ...step,
            watch: {
              ...step.watch,
              looks: step.watch.looks + 1,
              returned: step.watch.returned + event.returned.length,
            },
          };
    case 'watch-finished':
      return step.watch === null
        ? step
        : { ...step, watch: { ...step.watch, looks: event.looks, isFinished: true } };
    case 'item-ticked': {
      const { itemId, title, isDone, note } = event;
      return { ...step, ticks: { ...step.ticks, [itemId]: { title, isDone, note, at, by } } };
    }
    case 'step-finished':
      return { ...step, status: 'done', summary: event.summary, reason: null, finishedAt: at };
    case 'step-failed':
      return { ...step, status: 'failed', reason: event.reason, finishedAt: at };
    case 'failure-accepted':
      return { ...step, isFailureAccepted: true, operations: withoutPending(step.operations) };
    case 'step-skipped':
      return { ...step, status: 'skipped', reason: event.reason, isApproved: false, finishedAt: at };
    case 'step-done-by-hand':
      return { ...step, status: 'by-hand', reason: event.record, isApproved: false, finishedAt: at };
    case 'step-reopened':
      return { ...lookAgain(step, 'reopened'), reason: event.reason };
  }
}
