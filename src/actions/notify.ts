import { z } from 'zod';
import { type Action, isNever, parametersOf } from './action.ts';

const parameters = z.strictObject({
  message: z
    .string()
    .min(1)
    .max(400)
    .describe(
      'what they are told; of expressions `inputs`, `steps` and `incident.id`, nothing that the host says',
    ),
  to: z
    .array(z.enum(['slack', 'teams', 'webhook', 'mail', 'syslog']))
    .default([])
    .describe('only these of the ways that are set'),
});

/**
 * Tell people elsewhere, at this point of the response. Who they are is the responder's setting: an address is a
 * secret of theirs, and no playbook's. The message is sent when the step is finished (cli/notify/notify.ts), whether it
 * arrived is noted in the journal; the step is done either way.
 */
export const notify: Action = {
  name: 'notify',
  summary:
    'tell people elsewhere, by the ways that you have set (`notifyTo`, `--notify`); never stops the response',
  parameters,
  scopes: [],
  isRemedy: false,
  concerns: isNever,
  isChosenAtFirst: isNever,
  plan: (input) => ({
    operations: [],
    checkedAfter: 'whether it arrived is noted',
    remarks: [`Tells those who are set to be told: ${parametersOf(parameters, input).message}`],
  }),
};
