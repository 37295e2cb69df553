import { expect, test } from 'vitest';
import { assuranceSigns } from '../../src/engine/assurance-signs.ts';
import { checklistOf } from '../../src/engine/checklist.ts';
import type { Event } from '../../src/engine/event.ts';
import { fold } from '../../src/engine/reduce.ts';
import { type AssuranceSigns, LONG_WATCH_MS, weighAssurance } from '../../src/findings/assurance.ts';
import type { Finding } from '../../src/findings/finding.ts';
import {
  makeFile,
  makeFinding,
  makeLook,
  makeOpening,
  makePlan,
  makePlaybook,
  makeProcess,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';

const QUIET: AssuranceSigns = {
  rootTouched: [],
  preload: [],
  kernel: [],
  pam: [],
  tools: [],
  left: [],
  unjudged: [],
  unknowns: [],
  badPaths: [],
  secrets: 0,
  secretsOpen: [],
  wasRoot: true,
  firstSignAt: null,
  openedAt: '2026-11-23T04:12:00.000Z',
  watchedMs: LONG_WATCH_MS,
  cameBack: 0,
};
const weigh = (signs: Partial<AssuranceSigns>) => weighAssurance({ ...QUIET, ...signs });

test.each<[string, Partial<AssuranceSigns>, string, string]>([
  ['an account without rights, quiet for eight days', {}, 'fair', 'release'],
  ['the same, watched for ten minutes', { watchedMs: 600_000 }, 'limited', 'rebuild'],
  ['something suspicious that nobody judged', { unjudged: ['/opt/x'] }, 'limited', 'rebuild'],
  ['a miner that ran as root', { rootTouched: ['kworkerds (812)'] }, 'limited', 'rebuild'],
  ['a preloaded library', { preload: ['/etc/ld.so.preload line 1'] }, 'low', 'rebuild'],
  ['PAM touched', { pam: ['pam_unix.so'] }, 'low', 'rebuild'],
  ['tools changed', { tools: ['/usr/bin/ps'] }, 'low', 'rebuild'],
  ['something that could not be looked at', { unknowns: ['/etc/shadow'] }, 'low', 'rebuild'],
  ['looked without root', { wasRoot: false }, 'low', 'rebuild'],
  ['a kernel module', { kernel: ['diamorphine.ko'] }, 'none', 'rebuild'],
  ['something malicious left', { left: ['kworkerds (812)'] }, 'none', 'rebuild'],
])('%s', (_name, signs, level, advice) => {
  expect(weigh(signs)).toMatchObject({ level, advice });
});

test('what is worse never leaves more assurance', () => {
  const order = ['none', 'low', 'limited', 'fair'];
  const signs: (keyof AssuranceSigns)[] = [
    'rootTouched',
    'preload',
    'kernel',
    'pam',
    'tools',
    'left',
    'unjudged',
  ];
  for (let bits = 0; bits < 1 << signs.length; bits += 1) {
    const some = Object.fromEntries(signs.filter((_, at) => bits & (1 << at)).map((name) => [name, ['x']]));
    const level = order.indexOf(weigh(some).level);
    for (const one of signs)
      expect(order.indexOf(weigh({ ...some, [one]: ['x'] }).level)).toBeLessThanOrEqual(level);
  }
});

test('says the reasons plainly, heaviest first', () => {
  const { reasons } = weigh({
    left: ['/etc/cron.d/x'],
    preload: ['/etc/ld.so.preload line 1'],
    rootTouched: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    firstSignAt: '2026-11-20T01:02:03.000Z',
    watchedMs: 600_000,
    cameBack: 1,
    secretsOpen: ['AWS access key AKIA, /root/.aws/credentials'],
  });
  expect(reasons).toEqual([
    'Malicious and still there: /etc/cron.d/x.',
    'A library was loaded into every program (/etc/ld.so.preload line 1): what ran since may have been changed or listened to.',
    'Somebody else was root: a, b, c, d, e and 2 more.',
    '1 thing came back after being taken away: a cause was missed at least once.',
    'The oldest sign of it is from 2026-11-20 01:02 UTC, 3 days before the response. It may have been here for longer: times can be set back.',
    'It was watched for 10 minutes; schedules of a week have been seen, so 8 days would say more.',
    'Not replaced yet, and to be taken as known to others: AWS access key AKIA, /root/.aws/credentials.',
  ]);
});

const NS = `${Date.parse('2026-11-20T01:02:03.000Z')}000000`;
const cron = makeFinding('file-line:cron', {
  subject: {
    kind: 'file-line',
    role: 'cron-entry',
    file: makeFile('/etc/cron.d/x'),
    line: { number: 3, text: '* * * * * root x' },
    details: {},
  },
  title: '/etc/cron.d/x line 3',
  times: { mtimeNs: NS, ctimeNs: NS },
  attack: ['T1053.003'],
});
const pam = makeFinding('setting:pam', {
  subject: { kind: 'setting', part: 'pam', name: 'pam_unix.so', value: '', advice: '' },
  title: 'pam_unix.so',
  attack: ['T1556.003'],
  verdict: 'suspicious',
});
const secret: Finding = makeFinding('secret:a', {
  subject: {
    kind: 'secret',
    secret: 'aws-access-key',
    path: '/root/.aws/credentials',
    line: 2,
    keyId: 'AKIA',
    isEncrypted: null,
    advice: '',
  },
  title: 'AWS access key AKIA, /root/.aws/credentials line 2',
  verdict: 'unknown',
  score: 25,
});
const hidden = makeFinding('process:hidden', {
  subject: { ...makeFinding('x').subject, process: makeProcess(99, 'h'), uid: 33 } as Finding['subject'],
  title: 'h (99)',
  reasons: [{ code: 'hidden-process', text: 'hidden', weight: 60 }],
  attack: ['T1014'],
});

function incident(looks: Readonly<Record<string, readonly Finding[]>>, more: readonly Event[] = []) {
  const steps = [
    makeStep('look', { uses: 'triage' }),
    makeStep('reset-keys', { uses: 'reset-keys' }),
    makeStep('end', { uses: 'rebuild-or-release' }),
  ];
  const unknown = { scope: 'accounts', what: '/etc/shadow', reason: 'no' } as const;
  const looked = Object.entries(looks).map(
    ([stepId, findings]): Event => ({
      kind: 'step-looked',
      stepId,
      outcome: makeLook(findings, { unknowns: stepId === 'look' ? [unknown] : [] }),
      chosen: [],
    }),
  );
  return fold(makeRecords([...makeOpening(makePlaybook(steps)), ...looked, ...more]));
}

test('the signs are read from every look of the incident, and what is left from the last step’s', () => {
  const signs = assuranceSigns(incident({ look: [cron, pam, hidden, secret], end: [pam] }), 'end');
  expect(signs).toMatchObject({
    rootTouched: ['/etc/cron.d/x line 3'],
    pam: ['pam_unix.so'],
    kernel: ['h (99)'],
    preload: [],
    left: [],
    unjudged: ['pam_unix.so'],
    unknowns: ['/etc/shadow'],
    badPaths: ['/etc/cron.d/x line 3', '/tmp/h'],
    firstSignAt: '2026-11-20T01:02:03.000Z',
    secretsOpen: ['AWS access key AKIA, /root/.aws/credentials line 2'],
    watchedMs: 0,
  });
});

test('before the last step has looked, what no operation dealt with is left', () => {
  const plan = makePlan('look', 1, [{ kind: 'block-address', address: '10.66.0.9' }], { because: [cron.id] });
  const at = { stepId: 'look', operationId: 'look.1.1' };
  const receipt = { kind: 'block-address' } as const;
  const outcome = {
    status: 'done',
    receipt,
    evidence: [],
    message: '',
    exitCode: null,
    confirmBefore: null,
  } as const;
  const done: Event[] = [
    { kind: 'plan-made', stepId: 'look', plan },
    { kind: 'plan-approved', stepId: 'look', planHash: plan.hash, how: 'key' },
    { kind: 'operation-started', ...at, receipt, evidence: [] },
    { kind: 'operation-finished', ...at, outcome, output: null },
  ];
  expect(assuranceSigns(incident({ look: [cron, hidden] }), 'end').left).toHaveLength(2);
  expect(assuranceSigns(incident({ look: [cron, hidden] }, done), 'end').left).toEqual(['h (99)']);
});

test('ticks outlast another look, say who and when, and can be taken back', () => {
  const tick = (isDone: boolean): Event => ({
    kind: 'item-ticked',
    stepId: 'reset-keys',
    itemId: secret.id,
    title: secret.title,
    isDone,
    note: 'new key for the backup',
  });
  const again: Event = { kind: 'step-looked', stepId: 'reset-keys', outcome: makeLook([]), chosen: [] };
  const list = (more: readonly Event[]) => {
    const [, step] = incident({ 'reset-keys': [secret] }, more).steps;
    return step === undefined ? [] : checklistOf(step);
  };
  expect(list([tick(true)])).toMatchObject([
    { word: 'replaced', tick: { isDone: true, by: expect.any(String), note: 'new key for the backup' } },
  ]);
  expect(assuranceSigns(incident({ 'reset-keys': [secret] }, [tick(true)]), null).secretsOpen).toEqual([]);
  // The file is gone from the host since: that it was replaced is still known.
  expect(list([tick(true), again])).toMatchObject([
    { title: secret.title, finding: null, tick: { isDone: true } },
  ]);
  const back = incident({ 'reset-keys': [secret] }, [tick(true), tick(false)]);
  expect(assuranceSigns(back, null).secretsOpen).toEqual([secret.title]);
});
