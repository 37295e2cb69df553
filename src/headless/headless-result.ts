import type { Incident, StepState } from '../engine/incident.ts';

/**
 * How an unattended run ended. All but `done` leave the incident resumable.
 *
 * - `done`: every step is finished and the incident is closed; see `failed`, `skipped`, `notRun`
 * - `needs-approval`: somebody must say yes; `flag` would have, where a flag can
 * - `needs-input`: the playbook wants values; `flag` gives them
 * - `failed`: a step failed and its `on-failure` is `stop`
 * - `stopped`: the runner could not go on (another runner, a journal that cannot be written)
 * - `interrupted`: the signal was given
 */
export interface HeadlessResult {
  readonly result: 'done' | 'needs-approval' | 'needs-input' | 'failed' | 'stopped' | 'interrupted';
  /** The step that it ended at; null for the incident as a whole. */
  readonly stepId: string | null;
  /** What happened, what it means, what to do next. Host text as it is. */
  readonly message: string;
  /** What to give on the command line to get further, e.g. `--max-risk disruptive`; null if nothing would. */
  readonly flag: string | null;
  /** Step ids. */
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  /** Neither done nor failed nor skipped: not begun, undone, cut off, opened again. */
  readonly notRun: readonly string[];
}

export type Ending = Pick<HeadlessResult, 'result' | 'stepId' | 'message' | 'flag'>;

export function headlessResult(incident: Incident, ending: Ending): HeadlessResult {
  const ids = (test: (step: StepState) => boolean) => incident.steps.filter(test).map((step) => step.id);
  return {
    ...ending,
    failed: ids((step) => step.status === 'failed'),
    skipped: ids((step) => step.status === 'skipped'),
    notRun: ids((step) => !SETTLED.has(step.status)),
  };
}

const SETTLED = new Set<StepState['status']>(['done', 'by-hand', 'failed', 'skipped']);
