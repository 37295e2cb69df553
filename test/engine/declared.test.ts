import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/engine/event.ts';
import { fold } from '../../src/engine/reduce.ts';
import { whyNot } from '../../src/engine/why-not.ts';
import { eventsFor } from '../../src/runner/commands.ts';
import {
  makeFile,
  makeFinding,
  makeLook,
  makeOpening,
  makePlaybook,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';

const FINDING = makeFinding('f', {
  subject: { kind: 'file', role: 'script', file: makeFile('/opt/probe/run') },
  verdict: 'suspicious',
  score: 55,
  reasons: [{ code: 'unowned', text: 'No package owns it', weight: 45 }],
});
const OTHER = makeFinding('g', {
  subject: { kind: 'file', role: 'script', file: makeFile('/opt/other/run') },
});
const LOOKED: Event[] = [
  ...makeOpening(makePlaybook([makeStep('a')])),
  { kind: 'step-looked', stepId: 'a', outcome: makeLook([FINDING, OTHER]), chosen: ['f', 'g'] },
];
const incidentOf = (events: readonly Event[]) => fold(makeRecords(events));
const declare = { kind: 'declare-ours', stepId: 'a', findingId: 'f', reason: 'our probe' } as const;
const declared = (): Event[] => [...LOOKED, ...eventsFor(declare, incidentOf(LOOKED)).events];

describe('a finding that is declared ours', () => {
  it('is benign at once, says why, and is no longer dealt with; the others are', () => {
    const [step] = incidentOf(declared()).steps;
    expect(step?.chosen).toEqual(['g']);
    expect(step?.findings?.[0]).toMatchObject({ id: 'f', verdict: 'benign', score: 0 });
    expect(step?.findings?.[0]?.reasons[0]?.text).toMatch(/^allow list: file \/opt\/probe\/run .*our probe$/);
    expect(step?.findings?.[1]).toEqual(OTHER);
  });

  it('is so in every look from then on, until it is taken back; then it is looked at again', () => {
    const incident = incidentOf(declared());
    expect(incident.declarations).toMatchObject([{ reason: 'our probe', entry: { kind: 'file' } }]);
    const [one] = incident.declarations;
    const command = {
      kind: 'take-back-declaration',
      declarationId: one?.id ?? '',
      reason: 'a mistake',
    } as const;
    const after = incidentOf([...declared(), ...eventsFor(command, incident).events]);
    expect(after.declarations).toEqual([]);
    expect(after.steps[0]?.findings).toBeNull();
  });

  it('needs a reason, a finding, and something to know it by again', () => {
    const view = { incident: incidentOf(LOOKED), activity: null, question: null, stopped: null };
    expect(whyNot(view, declare)).toBeNull();
    expect(whyNot(view, { ...declare, reason: ' ' })).toContain('a reason is needed');
    expect(whyNot(view, { ...declare, findingId: 'none' })).toBe('there is no such finding');
    expect(whyNot({ ...view, incident: incidentOf(declared()) }, declare)).toBe(
      'it is declared ours already',
    );
    const process = makeFinding('p', {});
    const gone = [
      ...makeOpening(makePlaybook([makeStep('a')])),
      {
        kind: 'step-looked',
        stepId: 'a',
        outcome: makeLook([process]),
        chosen: [],
      } as Event,
    ];
    expect(process.subject.kind).toBe('process');
    expect(whyNot({ ...view, incident: incidentOf(gone) }, { ...declare, findingId: 'p' })).toContain(
      'its program is not a file any more',
    );
  });
});
