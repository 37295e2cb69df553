import type { StepStatus } from '../engine/incident.ts';

/**
 * A step's status in the words that CACAO's own tools use for it: `execution-status-enum`, the vocabulary for the
 * execution of CACAO workflow steps (github.com/cyentific-rni/workflow-status, section 2.1, taken over by SOARCA's
 * reporter). It has no word for what was not executed or is not known: null.
 */
export const EXECUTION_STATUSES = [
  'successfully_executed',
  'failed',
  'ongoing',
  'server_side_error',
  'client_side_error',
  'timeout_error',
  'exception_condition_error',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

export function executionStatus(status: StepStatus): ExecutionStatus | null {
  switch (status) {
    case 'done':
    case 'by-hand':
      return 'successfully_executed';
    case 'failed':
      return 'failed';
    case 'running':
    case 'reopened':
      return 'ongoing';
    case 'todo':
    case 'skipped':
    case 'unknown':
    case 'undone':
      return null;
  }
}
