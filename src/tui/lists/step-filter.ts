import type { Incident, StepState } from '../../engine/incident.ts';
import { isFinished } from '../../engine/order.ts';

/** Which steps the checklist shows: a long playbook hides what is left among what is done. */
export type StepFilter = 'all' | 'open' | 'trouble';

export const FILTER_WORDS: Readonly<Record<StepFilter, string>> = {
  all: 'Checklist',
  open: 'Open steps',
  trouble: 'Went wrong',
};

const NEXT: Readonly<Record<StepFilter, StepFilter>> = { all: 'open', open: 'trouble', trouble: 'all' };

export function nextFilter(filter: StepFilter): StepFilter {
  return NEXT[filter];
}

/** In the playbook's order. */
export function filteredSteps({ steps }: Incident, filter: StepFilter): readonly StepState[] {
  switch (filter) {
    case 'all':
      return steps;
    case 'open':
      return steps.filter((step) => !isFinished(step));
    case 'trouble':
      return steps.filter(({ status }) => TROUBLE.has(status));
  }
}

const TROUBLE: ReadonlySet<StepState['status']> = new Set([
  'failed',
  'unknown',
  'reopened',
  'skipped',
  'undone',
]);
