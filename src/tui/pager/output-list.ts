import type { IncidentView } from '../../engine/handle.ts';
import type { OperationState, StepState } from '../../engine/incident.ts';

/** Operations of a step that have output to read, oldest first. */
export function outputsOf(step: StepState, view: IncidentView): readonly OperationState[] {
  return step.operations.filter(
    (state) => (state.output !== null && state.output.sizeBytes > 0) || isGrowing(state, view),
  );
}

export function hasOutput(step: StepState, view: IncidentView): boolean {
  return outputsOf(step, view).length > 0;
}

/** More may be coming. */
export function isGrowing(state: OperationState, view: IncidentView): boolean {
  return state.operation.id === view.activity?.operationId && state.status !== 'done';
}

/** The one to open first: what runs, else what failed last, else the last. */
export function firstOutput(outputs: readonly OperationState[], view: IncidentView): number {
  const running = outputs.findIndex((state) => isGrowing(state, view));
  if (running >= 0) return running;
  const failed = outputs.findLastIndex((state) => state.status === 'failed');
  return failed >= 0 ? failed : Math.max(0, outputs.length - 1);
}
