import type { Incident, StepState } from './incident.ts';

/** Nothing more happens to it unless somebody asks. An undone step is finished in this sense, and still open work. */
export function isFinished(step: StepState): boolean {
  switch (step.status) {
    case 'done':
    case 'skipped':
    case 'by-hand':
    case 'undone':
      return true;
    case 'failed':
      return step.isFailureAccepted;
    default:
      return false;
  }
}

/** Whether the steps that this one needs are behind it. One that was undone is not. */
export function needsAreMet(incident: Pick<Incident, 'steps'>, step: StepState): boolean {
  return step.definition.needs.every((id) => {
    const needed = incident.steps.find((other) => other.id === id);
    return needed !== undefined && isFinished(needed) && needed.status !== 'undone';
  });
}

/** Steps that did not end well or did not run: what a closing responder should know of. */
export function openSteps(incident: Pick<Incident, 'steps'>): readonly StepState[] {
  return incident.steps.filter((step) => step.status !== 'done' && step.status !== 'by-hand');
}
