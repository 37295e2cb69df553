import { z } from 'zod';
import { type AssuranceSigns, weighAssurance } from '../findings/assurance.ts';
import { isOdd } from '../findings/finding.ts';
import { type Action, isMalicious, type PlanFacts, parametersOf } from './action.ts';
import { triage } from './triage.ts';

const parameters = z.strictObject({
  decision: z.enum(['ask', 'release', 'rebuild']).default('ask').describe('what becomes of the host'),
  mandatory: z
    .array(z.string().min(1))
    .nullable()
    .default(null)
    .describe('ids of the steps that must be done before it may be released; null: all steps above this one'),
});

/** The end: build the host anew (recommended), or let it back onto the network. */
export const rebuildOrRelease: Action = {
  name: 'rebuild-or-release',
  summary:
    'weigh what was seen and say what assurance is left; lift the isolation, or keep it until the host is built anew',
  parameters,
  scopes: triage.scopes,
  isRemedy: false,
  concerns: isOdd,
  isChosenAtFirst: isMalicious,
  plan(input) {
    const { decision, mandatory } = parametersOf(parameters, input);
    const { signs, isIsolated } = input.facts;
    const missing = missingSteps(input.facts, mandatory);
    const obstacles = [
      ...missing.map(
        (step) => `It is not released before this is done, or recorded as done by hand: ${step}.`,
      ),
      ...(signs.left.length > 0
        ? [`It is not released while something malicious is there: ${signs.left.slice(0, 5).join(', ')}.`]
        : []),
    ];
    const isReleased = decision === 'release' && obstacles.length === 0;
    const lifts = isReleased && isIsolated;
    return {
      operations: lifts ? [{ target: { kind: 'lift-isolation' }, because: [] }] : [],
      checkedAfter: lifts ? 'the isolation is gone; blocked addresses stay blocked' : 'nothing is changed',
      remarks: [
        // What is still asked of somebody stands before what they are to decide it by.
        ...(decision === 'ask' ? [UNDECIDED] : []),
        ...assuranceRemarks(signs),
        ...endings[decision](signs, obstacles, isIsolated),
      ],
    };
  },
};

function missingSteps({ stepsBefore }: PlanFacts, mandatory: readonly string[] | null): string[] {
  const asked = mandatory ?? stepsBefore.map(({ id }) => id);
  return asked.flatMap((id) => {
    const step = stepsBefore.find((candidate) => candidate.id === id);
    if (step === undefined) return [`“${id}”, which is no step above this one`];
    return step.isDone ? [] : [step.title];
  });
}

const LEVEL_WORDS = {
  none: 'none. What this host says cannot be relied on',
  low: 'low. Whoever had root could hide below what was looked at',
  limited: 'limited. What was found is gone; what was not found cannot be excluded',
  fair: 'fair. Nothing that had root was seen, and it stayed quiet',
} as const;

function assuranceRemarks(signs: AssuranceSigns): string[] {
  const { level, advice, reasons } = weighAssurance(signs);
  return [
    `Assurance left: ${LEVEL_WORDS[level]}.`,
    advice === 'rebuild'
      ? 'Advice: build it anew from an official image and restore data that was checked. A host on which somebody else may have been root cannot be proven clean from within.'
      : 'Advice: it may go back, if somebody accepts the rest by name; building it anew is still the surer way.',
    ...reasons.map((reason) => `Because: ${reason}`),
  ];
}

const UNDECIDED =
  'Not decided yet: rebuild, or release? The playbook’s inputs say it (in ours it is “ending”). Until then nothing is changed here, and an isolation stays.';

type Ending = (signs: AssuranceSigns, obstacles: readonly string[], isIsolated: boolean) => readonly string[];

const endings: Readonly<Record<'ask' | 'release' | 'rebuild', Ending>> = {
  ask: (_signs, obstacles) => obstacles,
  release: (_signs, obstacles, isIsolated) =>
    obstacles.length > 0
      ? [...obstacles]
      : [
          isIsolated
            ? 'Order: 1. the isolation of this host is lifted here, blocked addresses stay blocked; 2. then move it out of the quarantine group of your cloud, back into its own; 3. then watch on: tourniquet watch, for 8 days.'
            : 'This host is not isolated by tourniquet. If your cloud isolates it, move it back into its own group, then watch on: tourniquet watch, for 8 days.',
        ],
  rebuild: (signs) => [
    'The isolation stays until the new host has taken over; then switch this one off and keep its disk for as long as the case is open.',
    'Save: data of the applications (databases as a dump that is read as text, uploads looked through for programs and scripts), configuration to be read and written anew by hand, the incident’s folder with evidence and quarantine, and logs.',
    'Do not carry over: programs and scripts, images and snapshots of this disk, container images and volumes with programs, crontabs and units, shell start files, authorized_keys, host keys, and any password, key or token that lay here.',
    ...(signs.badPaths.length === 0 ? [] : [`Least of all: ${atMost(signs.badPaths, 20)}.`]),
    ...(signs.secrets === 0
      ? []
      : [
          `Replaced elsewhere so far: ${signs.secrets - signs.secretsOpen.length} of ${signs.secrets} secrets that lay here.`,
        ]),
  ],
};

function atMost(list: readonly string[], most: number): string {
  const more = list.length - most;
  return `${list.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
