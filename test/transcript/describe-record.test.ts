import { expect, test } from 'vitest';
import { describeRecord } from '../../src/engine/describe-record.ts';
import type { Event, EventKind } from '../../src/engine/event.ts';
import { fold } from '../../src/engine/reduce.ts';
import {
  makeFinding,
  makeLook,
  makeOpening,
  makeOutcome,
  makePlan,
  makePlaybook,
  makeRecords,
  makeStep,
  SESSION,
} from '../support/incident-builder.ts';

const plan = makePlan('a', 1, [{ kind: 'block-address', address: '10.66.0.9' }]);
const at = { stepId: 'a', operationId: 'a.1.1' };
const outcome = makeOutcome('block-address', { message: 'it is in the table' });
const verification = { status: 'holds', detail: 'no packet for 3 s' } as const;
const [opened] = makeOpening(makePlaybook([makeStep('a')])) as [Event];

/** One of each; a new kind must have its words here. */
const EVENTS: { readonly [K in EventKind]: readonly [Extract<Event, { kind: K }>, string] } = {
  'incident-opened': [
    opened as Extract<Event, { kind: 'incident-opened' }>,
    'opened web-07-20261123-0412: cryptominer-linux on web-07',
  ],
  'runner-attached': [
    { kind: 'runner-attached', session: SESSION },
    'ana (root, from 10.8.0.4) at work, test',
  ],
  'runner-detached': [{ kind: 'runner-detached', reason: 'left' }, 'left: left'],
  'taken-over': [
    {
      kind: 'taken-over',
      from: { responder: 'bo', pid: 7, hostname: 'web-07' },
      reason: 'shift',
      wasForced: false,
    },
    'taken over from bo (process 7 on web-07): shift',
  ],
  'journal-recovered': [
    { kind: 'journal-recovered', droppedBytes: 41, detail: 'cut off' },
    '! journal recovered, 41 B dropped: cut off',
  ],
  'inputs-given': [
    { kind: 'inputs-given', values: { p: 1 }, secretNames: ['k'] },
    'inputs given: p, k (secret)',
  ],
  'knowledge-given': [
    {
      kind: 'knowledge-given',
      indicators: [{ name: 'case-12', sha256: 'a'.repeat(64), entries: [] }],
      rules: [{ name: 'own.yar', sha256: 'b'.repeat(64) }],
    },
    'indicators and rules of the responder’s own: case-12 (aaaaaaaaaaaaaaaa…), own.yar (bbbbbbbbbbbbbbbb…)',
  ],
  'declared-ours': [
    {
      kind: 'declared-ours',
      entry: { kind: 'unit', unit: 'probe.service' },
      reason: 'our probe',
      file: 'ours.yaml',
    },
    'declared ours: unit probe.service, because our probe (from ours.yaml)',
  ],
  'declaration-taken-back': [
    { kind: 'declaration-taken-back', declarationId: 'x', reason: 'a mistake' },
    'no longer declared ours: x, because a mistake',
  ],
  'item-ticked': [
    {
      kind: 'item-ticked',
      stepId: 'a',
      itemId: 'i',
      title: 'AWS access key AKIA',
      isDone: true,
      note: 'by ops',
    },
    'ticked off: AWS access key AKIA (by ops)',
  ],
  'step-opened': [{ kind: 'step-opened', stepId: 'a' }, 'opened'],
  'step-looked': [
    { kind: 'step-looked', stepId: 'a', outcome: makeLook([makeFinding('x')]), chosen: ['x'] },
    'looked: 1 seen, 1 of them malicious or suspicious, 1 chosen (1.2 s)',
  ],
  'findings-chosen': [{ kind: 'findings-chosen', stepId: 'a', findingIds: ['x'] }, 'chosen: 1 finding'],
  'plan-made': [{ kind: 'plan-made', stepId: 'a', plan }, `plan 1: 1 operation, ${plan.risk}`],
  'plan-withdrawn': [
    { kind: 'plan-withdrawn', stepId: 'a', reason: 'it changed' },
    '! plan withdrawn: it changed',
  ],
  'plan-approved': [{ kind: 'plan-approved', stepId: 'a', planHash: 'h', how: 'key' }, 'plan approved (key)'],
  'operation-refused': [
    { kind: 'operation-refused', ...at, refusal: { code: 'stale', message: 'gone' } },
    '! refused block-address 10.66.0.9: gone',
  ],
  'operation-started': [
    {
      kind: 'operation-started',
      ...at,
      receipt: { kind: 'block-address' },
      evidence: [{ name: 'n', sha256: '', sizeBytes: 5, source: 's' }],
    },
    'started block-address 10.66.0.9 (evidence: 1 file, 5 B)',
  ],
  'operation-finished': [
    { kind: 'operation-finished', ...at, outcome, output: null },
    'done block-address 10.66.0.9: it is in the table',
  ],
  'operation-verified': [
    { kind: 'operation-verified', ...at, verification },
    'block-address 10.66.0.9: holds - no packet for 3 s',
  ],
  'operation-confirmed': [
    { kind: 'operation-confirmed', ...at, how: 'responder', verification },
    'block-address 10.66.0.9 confirmed by responder: holds - no packet for 3 s',
  ],
  'operation-recovered': [
    { kind: 'operation-recovered', ...at, verification: { status: 'unknown', detail: '' }, by: 'host' },
    '! block-address 10.66.0.9 was cut off: unknown',
  ],
  'undo-requested': [
    { kind: 'undo-requested', stepId: 'a', operationIds: ['a.1.1'], cannotUndo: ['a.1.2'] },
    'to be undone: 1 operation, 1 cannot be',
  ],
  'undo-started': [{ kind: 'undo-started', ...at }, 'undoing block-address 10.66.0.9'],
  'operation-undone': [
    { kind: 'operation-undone', ...at, outcome: { ...outcome, status: 'failed' } },
    '! undo failed block-address 10.66.0.9: it is in the table',
  ],
  'step-undone': [{ kind: 'step-undone', stepId: 'a' }, 'undone'],
  'watch-looked': [
    { kind: 'watch-looked', stepId: 'a', returned: [makeFinding('x')], tookMs: 1 },
    '! watched: 1 came back',
  ],
  'watch-finished': [
    { kind: 'watch-finished', stepId: 'a', looks: 1, returned: 0 },
    'watch ended: 1 look, 0 came back',
  ],
  'step-finished': [{ kind: 'step-finished', stepId: 'a', summary: '1 held' }, 'finished: 1 held'],
  'step-failed': [{ kind: 'step-failed', stepId: 'a', reason: 'no' }, '! failed: no'],
  'failure-accepted': [{ kind: 'failure-accepted', stepId: 'a' }, '! left as failed'],
  'step-skipped': [
    { kind: 'step-skipped', stepId: 'a', reason: 'not ours', by: 'responder' },
    'skipped by responder: not ours',
  ],
  'step-done-by-hand': [{ kind: 'step-done-by-hand', stepId: 'a', record: 'it' }, 'done by hand: it'],
  'step-reopened': [{ kind: 'step-reopened', stepId: 'a', reason: 'back' }, '! opened again: back'],
  'note-added': [{ kind: 'note-added', stepId: null, text: 'hm' }, 'note: hm'],
  'shell-opened': [
    { kind: 'shell-opened', stepId: 'a', shellId: 'shell-1', argv: ['/bin/bash'] },
    'shell-1, a shell on the host, opened and recorded',
  ],
  'shell-closed': [
    {
      kind: 'shell-closed',
      shellId: 'shell-1',
      exitCode: 0,
      tookMs: 1_000,
      recording: { name: 'shell-1.cast', sizeBytes: 5, sha256: 'a'.repeat(64) },
    },
    'shell-1 ended with exit code 0 after 1.0 s: shell-1.cast, 5 B',
  ],
  'incident-closed': [{ kind: 'incident-closed', reason: 'done' }, 'closed: done'],
  'incident-reopened': [{ kind: 'incident-reopened', reason: 'undo' }, 'opened again: undo'],
};

const incident = fold(
  makeRecords([
    opened,
    { kind: 'plan-made', stepId: 'a', plan },
    { kind: 'plan-approved', stepId: 'a', planHash: plan.hash, how: 'key' },
  ]),
);

test.each(Object.values(EVENTS).map(([event, text]) => [event.kind, event, text] as const))(
  'a record of %s says what happened',
  (_kind, event, text) => {
    const described = describeRecord({ seq: 1, at: '', by: 'ana', event }, incident);
    expect(`${described.isTrouble ? '! ' : ''}${described.text}`).toBe(text);
    expect(described.stepId).toBe('stepId' in event ? event.stepId : null);
  },
);
