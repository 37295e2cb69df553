import type { Clock } from '../clock.ts';
import type { Controller } from '../incident/controller.ts';
import type { Theme } from '../look/theme.ts';

/** What the checklist, and the pager over it, are drawn from. */
export interface ChecklistProps {
  readonly controller: Controller;
  readonly clock: Clock;
  readonly theme: Theme;
  readonly columns: number;
  readonly rows: number;
}
