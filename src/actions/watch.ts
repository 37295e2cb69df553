import { z } from 'zod';
import type { ScanScope } from '../findings/scan.ts';
import { durationParameter } from '../playbook/parameter-types.ts';
import { type Action, isNever, parametersOf } from './action.ts';
import { triage } from './triage.ts';

const parameters = z.strictObject({
  for: durationParameter().default(600_000).describe('how long to watch'),
  every: durationParameter().default(10_000).describe('how often to look'),
});

/** Every few seconds these would be load and noise on the host: they walk the disk or call its own tools. */
const SELDOM: ReadonlySet<ScanScope> = new Set([
  'second-opinion',
  'set-id',
  'tools',
  'impairment',
  'web-shells',
]);

/** All that is looked at again and again. */
export const WATCHED_SCOPES: readonly ScanScope[] = triage.scopes.filter((scope) => !SELDOM.has(scope));

/** Look again and again, and open a step again when what it dealt with comes back. */
export const watch: Action = {
  name: 'watch',
  summary: 'look again and again for what might come back; opens the step that dealt with it',
  parameters,
  scopes: [],
  isRemedy: false,
  concerns: isNever,
  isChosenAtFirst: isNever,
  plan(input) {
    const { for: forMs, every } = parametersOf(parameters, input);
    return {
      operations: [],
      checkedAfter: 'nothing malicious is seen until the time is over',
      remarks: [
        'Miners are started again by schedules of a minute up to a week. A short watch only sees the impatient ones.',
      ],
      watch: { forMs, everyMs: every, scopes: WATCHED_SCOPES },
    };
  },
};
