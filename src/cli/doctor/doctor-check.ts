/** One thing that was looked at. A check that could not be made is `unknown`, never `ok`. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'missing' | 'unknown';
  /** What was found. */
  readonly detail: string;
  /** What it means that it is not ok. */
  readonly meaning: string;
  readonly remedy: string | null;
  /** Without it a step of the shipped playbook, or the drill, cannot be done. */
  readonly isNeeded: boolean;
}
