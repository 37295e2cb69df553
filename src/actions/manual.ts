import { z } from 'zod';
import { type Action, isNever } from './action.ts';

/** Something that a person does elsewhere and records here (`manual:`). */
export const manual: Action = {
  name: 'manual',
  summary: 'something that you do elsewhere and record here (`manual:`)',
  parameters: z.strictObject({}),
  scopes: [],
  isRemedy: false,
  concerns: isNever,
  isChosenAtFirst: isNever,
  plan: () => ({ operations: [], checkedAfter: 'what you record', remarks: [] }),
};
