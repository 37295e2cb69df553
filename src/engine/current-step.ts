import type { Incident, StepState } from './incident.ts';
import { isFinished, needsAreMet } from './order.ts';

/** What it does can wait for a step that was opened again; what a step does before it watches cannot. */
function isOnlyWatching(step: StepState): boolean {
  return step.watch !== null && step.plan?.operations.length === 0;
}

/** Stays with the step in hand while it is unfinished; then the first unfinished one whose needs are met. */
export function currentStep(incident: Incident): string | null {
  const reopened = incident.steps.find((step) => step.status === 'reopened' || step.status === 'unknown');
  const current = incident.steps.find((step) => step.id === incident.currentStepId);
  if (
    current &&
    !isFinished(current) &&
    needsAreMet(incident, current) &&
    !(reopened && isOnlyWatching(current))
  ) {
    return current.id;
  }
  const next = reopened ?? incident.steps.find((step) => !isFinished(step) && needsAreMet(incident, step));
  return next?.id ?? null;
}
