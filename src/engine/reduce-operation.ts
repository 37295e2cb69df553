import type { Event } from './event.ts';
import type { OperationState, StepState } from './incident.ts';

/** Events that change one operation and nothing else of its step. */
export type OperationEvent = Exclude<Extract<Event, { operationId: string }>, { kind: 'operation-undone' }>;

export function applyToOperation(
  state: OperationState,
  step: StepState,
  event: OperationEvent,
  at: string,
): OperationState {
  switch (event.kind) {
    case 'operation-refused':
      return {
        ...state,
        status: 'refused',
        message: event.refusal.message,
        refusalCode: event.refusal.code,
        finishedAt: at,
      };
    case 'operation-started':
      return {
        ...state,
        status: 'running',
        attempts: state.attempts + 1,
        receipt: event.receipt,
        evidence: event.evidence,
        verification: null,
        message: null,
        startedAt: at,
        finishedAt: null,
      };
    case 'operation-finished':
      return {
        ...state,
        status: event.outcome.status,
        receipt: event.outcome.receipt,
        evidence: [...state.evidence, ...event.outcome.evidence],
        message: event.outcome.message,
        exitCode: event.outcome.exitCode,
        confirmBefore: event.outcome.confirmBefore,
        isConfirmed: false,
        output: event.output,
        finishedAt: at,
      };
    case 'operation-verified':
      return event.verification.status === 'does-not-hold'
        ? { ...state, status: 'failed', verification: event.verification, message: event.verification.detail }
        : { ...state, verification: event.verification };
    case 'operation-confirmed':
      return event.verification.status === 'holds'
        ? { ...state, isConfirmed: true, confirmBefore: null, verification: event.verification }
        : {
            ...state,
            status: 'failed',
            confirmBefore: null,
            verification: event.verification,
            message: event.verification.detail,
          };
    case 'operation-recovered':
      return recovered(state, event.verification, at);
    case 'undo-started':
      return { ...state, status: step.status === 'undone' ? state.status : 'undoing' };
  }
}

function recovered(
  state: OperationState,
  verification: OperationState['verification'],
  at: string,
): OperationState {
  switch (verification?.status) {
    case 'holds': {
      // A change that takes itself back said so before it was begun; nobody has confirmed it yet.
      const before = state.receipt?.confirmBefore;
      const confirmBefore = typeof before === 'number' ? before : null;
      return {
        ...state,
        status: 'done',
        verification,
        message: verification.detail,
        confirmBefore,
        finishedAt: at,
      };
    }
    case 'does-not-hold':
      return { ...state, status: 'not-done', verification, message: verification.detail };
    case 'in-progress':
      return { ...state, status: 'attached', verification: null };
    default:
      return { ...state, verification };
  }
}
