import type { Event, JournalRecord } from '../../src/engine/event.ts';
import { fold } from '../../src/engine/reduce.ts';
import type { TranscriptContext } from '../../src/transcript/transcript.ts';
import {
  makeFile,
  makeFinding,
  makeLook,
  makeOpening,
  makeOutcome,
  makePlan,
  makePlaybook,
  makeProcess,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';

const MINER = makeFinding('process:1');
const CRON = makeFinding('file-line:2', {
  title: '/etc/cron.d/sysupdate line 3',
  score: 90,
  reasons: [
    { code: 'fetch-pipe-shell', text: 'fetches a script and runs it', weight: 70 },
    { code: 'owned', text: 'root owns it', weight: -5 },
  ],
  places: [{ path: '/etc/cron.d/sysupdate', line: 3 }],
  attack: ['T1053.003'],
  package: null,
});
const SHADY = makeFinding('process:3', { verdict: 'suspicious', title: 'sh (900)', score: 55, attack: [] });
const FINE = makeFinding('process:4', {
  verdict: 'benign',
  title: 'apt (1190)',
  score: 5,
  reasons: [],
  attack: [],
  package: 'apt',
});
const EVIDENCE = {
  name: 'process/812/exe',
  sha256: 'e'.repeat(64),
  sizeBytes: 214_000,
  source: '/proc/812/exe',
};

const kill = makePlan(
  'kill',
  1,
  [
    { kind: 'collect-process', process: makeProcess(812, 'kworkerds') },
    { kind: 'kill-process', process: makeProcess(812, 'kworkerds') },
  ],
  { because: ['process:1'], remarks: ['sh (900) was not chosen'] },
);
const purge = makePlan('purge', 1, [{ kind: 'quarantine-file', file: makeFile('/etc/cron.d/sysupdate') }], {
  because: ['file-line:2'],
});
const WATCH = makePlan('watch', 1, [], { watch: { forMs: 60_000, everyMs: 5000, scopes: ['processes'] } });
const patch = makePlan('patch', 1, [
  {
    kind: 'run-command',
    command: { shell: 'apt-get -y upgrade' },
    environment: { TOKEN: '' },
    secretNames: ['TOKEN'],
    workingFolder: null,
    timeoutMs: 1000,
    risk: 'disruptive',
    verify: null,
    undo: null,
  },
]);

const ana = (event: Event) => ({ event, by: 'ana' });
const at = (stepId: string, operationId: string) => ({ stepId, operationId });

/** A whole incident, ended badly in as many ways as one can: what a transcript must tell apart. */
export const RECORDS: readonly JournalRecord[] = makeRecords([
  ...makeOpening(
    makePlaybook([
      makeStep('look', { uses: 'triage', title: 'Look' }),
      makeStep('kill', { title: 'Kill process', attack: ['T1496'] }),
      makeStep('purge', { title: 'Purge persistence' }),
      makeStep('patch', { title: 'Patch' }),
      makeStep('reset', { title: 'Reset keys' }),
      makeStep('rebuild', {
        title: 'Rebuild or release',
        uses: 'manual',
        manual: { instructions: [], record: [] },
      }),
      makeStep('watch', { title: 'Watch' }),
    ]),
  ),
  { kind: 'inputs-given', values: { peers: ['10.8.0.0/24'] }, secretNames: ['vaultKey'] },
  {
    kind: 'step-looked',
    stepId: 'look',
    chosen: [],
    outcome: makeLook([MINER, CRON, SHADY, FINE], {
      unknowns: [{ scope: 'units', what: '/home/bo/.config/systemd', reason: 'permission denied' }],
    }),
  },
  { kind: 'plan-made', stepId: 'look', plan: makePlan('look', 1, []) },
  ana({ kind: 'plan-approved', stepId: 'look', planHash: 'h', how: 'key' }),
  { kind: 'step-finished', stepId: 'look', summary: '3 found' },
  {
    kind: 'step-looked',
    stepId: 'kill',
    outcome: makeLook([MINER, SHADY]),
    chosen: ['process:1', 'process:3'],
  },
  ana({ kind: 'findings-chosen', stepId: 'kill', findingIds: ['process:1'] }),
  { kind: 'plan-made', stepId: 'kill', plan: kill },
  ana({ kind: 'plan-approved', stepId: 'kill', planHash: kill.hash, how: 'word' }),
  {
    kind: 'operation-started',
    ...at('kill', 'kill.1.1'),
    receipt: { kind: 'collect-process' },
    evidence: [EVIDENCE],
  },
  {
    kind: 'operation-finished',
    ...at('kill', 'kill.1.1'),
    outcome: makeOutcome('collect-process', { message: 'copied' }),
    output: null,
  },
  {
    kind: 'operation-verified',
    ...at('kill', 'kill.1.1'),
    verification: { status: 'holds', detail: 'hashes agree' },
  },
  { kind: 'operation-started', ...at('kill', 'kill.1.2'), receipt: { kind: 'kill-process' }, evidence: [] },
  {
    kind: 'operation-finished',
    ...at('kill', 'kill.1.2'),
    outcome: makeOutcome('kill-process', { message: 'killed 812' }),
    output: null,
  },
  {
    kind: 'operation-verified',
    ...at('kill', 'kill.1.2'),
    verification: { status: 'holds', detail: 'gone for 3 s' },
  },
  { kind: 'step-finished', stepId: 'kill', summary: '2 held' },
  { kind: 'step-looked', stepId: 'purge', outcome: makeLook([CRON]), chosen: ['file-line:2'] },
  { kind: 'plan-made', stepId: 'purge', plan: purge },
  ana({ kind: 'plan-approved', stepId: 'purge', planHash: purge.hash, how: 'key' }),
  {
    kind: 'operation-refused',
    ...at('purge', 'purge.1.1'),
    refusal: { code: 'evidence', message: 'no room for a copy: 2 MB free' },
  },
  { kind: 'step-failed', stepId: 'purge', reason: 'no room for a copy: 2 MB free' },
  ana({ kind: 'note-added', stepId: 'purge', text: 'asked Bo for more disk' }),
  ana({ kind: 'failure-accepted', stepId: 'purge' }),
  { kind: 'step-looked', stepId: 'patch', outcome: makeLook([]), chosen: [] },
  { kind: 'plan-made', stepId: 'patch', plan: patch },
  ana({ kind: 'plan-approved', stepId: 'patch', planHash: patch.hash, how: 'key' }),
  { kind: 'operation-started', ...at('patch', 'patch.1.1'), receipt: { kind: 'run-command' }, evidence: [] },
  {
    kind: 'operation-finished',
    ...at('patch', 'patch.1.1'),
    outcome: makeOutcome('run-command', { message: 'ended with 0', exitCode: 0 }),
    output: { name: 'patch.1.1.log', sizeBytes: 9000, sha256: 'f'.repeat(64) },
  },
  {
    kind: 'operation-verified',
    ...at('patch', 'patch.1.1'),
    verification: { status: 'unknown', detail: 'no check is given' },
  },
  { kind: 'step-finished', stepId: 'patch', summary: '1 unknown' },
  { kind: 'runner-detached', reason: 'ended by SIGHUP' },
  { kind: 'runner-attached', session: { ...makeSession('bo'), peerAddress: null } },
  { kind: 'journal-recovered', droppedBytes: 41, detail: 'the last record had been cut off' },
  ana({ kind: 'step-skipped', stepId: 'reset', reason: 'keys are rotated centrally', by: 'responder' }),
  ana({ kind: 'step-done-by-hand', stepId: 'rebuild', record: 'released, Bo agreed' }),
  { kind: 'step-looked', stepId: 'watch', outcome: makeLook([]), chosen: [] },
  { kind: 'plan-made', stepId: 'watch', plan: WATCH },
  ana({ kind: 'plan-approved', stepId: 'watch', planHash: WATCH.hash, how: 'unattended' }),
  { kind: 'watch-looked', stepId: 'watch', returned: [], tookMs: 900 },
  { kind: 'watch-looked', stepId: 'watch', returned: [MINER], tookMs: 900 },
  { kind: 'step-reopened', stepId: 'kill', reason: 'came back: kworkerds (812)' },
  ana({ kind: 'note-added', stepId: null, text: 'handed over to Bo' }),
]);

function makeSession(responder: string) {
  return {
    responder,
    account: 'root',
    peerAddress: '10.8.0.4',
    front: 'line' as const,
    pid: 7,
    version: '0.1.0',
  };
}

const encoder = new TextEncoder();

export const CONTEXT: TranscriptContext = {
  journalHead: '9'.repeat(64),
  altered: null,
  excerpts: new Map([
    [
      'patch.1.1',
      {
        head: encoder.encode('Reading package lists...\nGet:1 https://ana:hunter2@deb.example stable\ncut'),
        tail: encoder.encode('off line\nSetting up libc6\tdone\n\x1b[32mok\x1b[0m\n```\n# not a heading\n'),
        totalBytes: 9000,
      },
    ],
  ]),
};

export const INCIDENT = fold(RECORDS);
