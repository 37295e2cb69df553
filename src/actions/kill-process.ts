import { z } from 'zod';
import { type Action, isMalicious } from './action.ts';
import { disableUnits, killTogether } from './processes.ts';
import { RUNNING } from './scopes.ts';

/** What watches its miner looks every second or two. Whatever takes longer is for the step `watch`. */
const SETTLES = {
  forMs: 3000,
  everyMs: 1000,
  scopes: RUNNING,
};

/** End the miner's processes: units first, then all frozen, then all killed. */
export const killProcess: Action = {
  name: 'kill-process',
  summary: 'stop the units that start the miner, freeze all its processes at once, then kill them',
  parameters: z.strictObject({}),
  scopes: [...RUNNING, 'hidden-processes'],
  isRemedy: true,
  concerns: ({ subject, verdict }) =>
    subject.kind === 'process' || (subject.kind === 'unit' && verdict !== 'benign'),
  isChosenAtFirst: isMalicious,
  plan: ({ chosen }) => ({
    operations: [...disableUnits(chosen), ...killTogether(chosen)],
    checkedAfter:
      'each process is gone: its number with its start time no longer exists; then whether one comes back, under any name',
    ...(chosen.some(({ subject }) => subject.kind === 'process') ? { watch: SETTLES } : {}),
    remarks: chosen.some(({ subject }) => subject.kind === 'process')
      ? ['Each program is copied out of memory first, even if its file was deleted. A kill cannot be undone.']
      : [],
  }),
};
