import type { Action } from '../actions/action.ts';
import type { Incident, OperationState, StepState } from '../engine/incident.ts';

/** Of a step that decide() named: it is there, or this is a bug. */
export function stepOf(incident: Incident, stepId: string): StepState {
  const step = incident.steps.find((candidate) => candidate.id === stepId);
  if (step === undefined) throw new Error(`no step ${stepId} in ${incident.id}`);
  return step;
}

export function operationOf(incident: Incident, stepId: string, operationId: string): OperationState {
  const state = stepOf(incident, stepId).operations.find(
    (candidate) => candidate.operation.id === operationId,
  );
  if (state === undefined) throw new Error(`no operation ${operationId} in ${incident.id}`);
  return state;
}

/** Parsing the playbook made sure that the action exists. */
export function actionOf(actions: ReadonlyMap<string, Action>, step: StepState): Action {
  const action = actions.get(step.definition.uses);
  if (action === undefined) throw new Error(`no action ${step.definition.uses} for step ${step.id}`);
  return action;
}
