import { z } from 'zod';
import { type Action, isNever } from './action.ts';

/** A command of the playbook's own. Its plan is made by runner/plan-run.ts, since it needs the step's text. */
export const run: Action = {
  name: 'run',
  summary: "a command of the playbook's own (`run:`)",
  parameters: z.strictObject({}),
  scopes: [],
  isRemedy: false,
  concerns: isNever,
  isChosenAtFirst: isNever,
  plan: () => ({ operations: [], checkedAfter: '', remarks: [] }),
};
