import type { OperationState, StepState } from './incident.ts';

/** A step of which nothing has happened yet. */
export const NEW_STEP: Omit<StepState, 'id' | 'definition'> = {
  status: 'todo',
  findings: null,
  unknowns: [],
  chosen: [],
  plan: null,
  plansMade: 0,
  isApproved: false,
  operations: [],
  summary: null,
  reason: null,
  isFailureAccepted: false,
  ticks: {},
  watch: null,
  startedAt: null,
  finishedAt: null,
};

/** Looked at and planned anew; what was done before stays in its history. */
export function lookAgain(step: StepState, status: StepState['status']): StepState {
  return {
    ...withoutPlan(step),
    status,
    findings: null,
    isFailureAccepted: false,
    operations: withoutPending(step.operations),
    watch: null,
    summary: null,
    finishedAt: null,
  };
}

export function withoutPlan(step: StepState): StepState {
  return { ...step, plan: null, isApproved: false };
}

export function withoutPending(operations: readonly OperationState[]): readonly OperationState[] {
  return operations.filter((state) => state.status !== 'to-do');
}

export function toDo(operation: OperationState['operation']): OperationState {
  return {
    operation,
    status: 'to-do',
    attempts: 0,
    receipt: null,
    evidence: [],
    verification: null,
    message: null,
    refusalCode: null,
    exitCode: null,
    confirmBefore: null,
    isConfirmed: false,
    output: null,
    startedAt: null,
    finishedAt: null,
  };
}
