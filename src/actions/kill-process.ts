import { z } from 'zod';
import type { Finding, ProcessSubject } from '../findings/finding.ts';
import { strongTieOf, tieOf } from '../findings/process-tie.ts';
import { sizeParameter } from '../playbook/parameter-types.ts';
import { type Action, isMalicious, parametersOf } from './action.ts';
import { containersByHand, disableUnits, isAtRest, killTogether, stopContainers } from './processes.ts';

const parameters = z.strictObject({
  memory: sizeParameter()
    .default(0)
    .describe('how much of the memory of each process is kept as evidence before it is killed'),
});

/** What watches its miner looks every second or two. Whatever takes longer is for the step `watch`. */
const SETTLES = {
  forMs: 3000,
  everyMs: 1000,
  scopes: ['processes', 'connections', 'cron', 'units'],
} as const;

/** End the miner's processes: units first, then all frozen, then all killed. */
export const killProcess: Action = {
  name: 'kill-process',
  summary:
    'stop the units and containers that start the miner, freeze all its processes at once, then kill them',
  parameters,
  scopes: ['processes', 'connections', 'hidden-processes', 'units', 'containers'],
  isRemedy: true,
  concerns: ({ subject, verdict }) =>
    subject.kind === 'process' ||
    (subject.kind === 'unit' && verdict !== 'benign') ||
    (subject.kind === 'container' && verdict !== 'benign' && !isAtRest(subject)),
  isChosenAtFirst: (finding, findings) => isMalicious(finding) || strongTieOf(finding, findings) !== null,
  plan(input) {
    const { chosen, findings } = input;
    const { memory } = parametersOf(parameters, input);
    const kills = chosen.some(({ subject }) => subject.kind === 'process');
    return {
      operations: [...disableUnits(chosen), ...stopContainers(chosen), ...killTogether(chosen, memory)],
      checkedAfter:
        'each process is gone: its number with its start time no longer exists; then whether one comes back, under any name',
      ...(kills ? { watch: SETTLES } : {}),
      remarks: [
        ...(kills
          ? [
              'Each program is copied out of memory first, even if its file was deleted. A kill cannot be undone.',
            ]
          : []),
        ...containersByHand(chosen),
        ...goesAlong(chosen),
        ...leftBehind(chosen, findings),
      ],
    };
  },
};

/** Those that are not condemned themselves: why they are among what is killed. */
function goesAlong(chosen: readonly Finding[]): string[] {
  const tied = chosen.flatMap((finding) => {
    const tie = strongTieOf(finding, chosen);
    return tie === null ? [] : [`${finding.title} (${tie})`];
  });
  return tied.length === 0
    ? []
    : [
        `Only suspicious by itself, and killed with what it belongs to: ${tied.join(', ')}. Leave out what you know as yours.`,
      ];
}

/** Those not chosen that belong to one that is: what stays behind may start it again. */
function leftBehind(chosen: readonly Finding[], findings: readonly Finding[]): string[] {
  const taken = new Set(chosen.map(({ id }) => id));
  const group = processesOf(chosen);
  const tied = findings.flatMap(({ id, title, verdict, subject }) => {
    if (subject.kind !== 'process' || taken.has(id) || verdict === 'benign') return [];
    const tie = group.map((one) => tieOf(subject, one)).find((words) => words !== null);
    return tie === undefined ? [] : [`${title} (${tie})`];
  });
  return tied.length === 0
    ? []
    : [
        `Not chosen, but they belong together with what is: ${tied.join(', ')}. What stays may start the rest again.`,
      ];
}

function processesOf(findings: readonly Finding[]): readonly ProcessSubject[] {
  return findings.flatMap(({ subject }) => (subject.kind === 'process' ? [subject] : []));
}
