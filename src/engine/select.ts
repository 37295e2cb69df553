import type { Incident, StepState } from './incident.ts';
import { isFinished } from './order.ts';
import { foundCount } from './summarize.ts';

/** The sign of a step or operation: a mark, its ASCII form, and the word that stands beside it where there is room. */
export interface Mark {
  readonly sign: string;
  readonly ascii: string;
  readonly word: string;
}

export const MARKS = {
  todo: { sign: '·', ascii: '.', word: 'to do' },
  here: { sign: '▶', ascii: '>', word: 'here' },
  running: { sign: '…', ascii: '~', word: 'running' },
  done: { sign: '✔', ascii: '+', word: 'done' },
  failed: { sign: '✘', ascii: 'x', word: 'failed' },
  skipped: { sign: '↷', ascii: '-', word: 'skipped' },
  'by-hand': { sign: '✎', ascii: 'm', word: 'by hand' },
  unknown: { sign: '?', ascii: '?', word: 'unknown' },
  undone: { sign: '↶', ascii: 'u', word: 'undone' },
  reopened: { sign: '!', ascii: '!', word: 'opened again' },
} as const satisfies Record<string, Mark>;

export function markOf(step: StepState, incident: Incident): Mark {
  if (step.status === 'todo' && step.id === incident.currentStepId) return MARKS.here;
  return MARKS[step.status];
}

/** What stands at the right end of a step's line: its result, or how far it is. */
export function shortResult(step: StepState, incident: Incident): string {
  switch (step.status) {
    case 'done':
      return step.summary ?? 'done';
    case 'todo':
    case 'reopened':
      if (step.id !== incident.currentStepId) return step.status === 'reopened' ? 'opened again' : '';
      if (step.findings === null) return 'looking';
      if (step.plan === null) return 'to plan';
      return step.findings.length > 0 ? `${foundCount(step)} found` : 'to approve';
    case 'failed':
      return step.isFailureAccepted ? 'failed, left' : 'failed';
    default:
      return MARKS[step.status].word;
  }
}

/** Finished steps of all, for `4/10`. */
export function progressOf(incident: Incident): { readonly finished: number; readonly total: number } {
  return { finished: incident.steps.filter(isFinished).length, total: incident.steps.length };
}

export function stepById(incident: Incident, stepId: string | null): StepState | undefined {
  return incident.steps.find((step) => step.id === stepId);
}

/** An isolation of this incident is in force: the last that was made, and neither taken back nor lifted since. */
export function isIsolated(incident: Incident): boolean {
  const states = incident.steps.flatMap((step) => step.operations);
  const last = (kind: string) =>
    states
      .filter((state) => state.operation.kind === kind && state.status === 'done')
      .map((state) => state.finishedAt ?? '')
      .sort()
      .at(-1);
  const isolatedAt = last('isolate-host');
  const liftedAt = last('lift-isolation');
  return isolatedAt !== undefined && (liftedAt === undefined || liftedAt < isolatedAt);
}
