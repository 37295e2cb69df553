import { afterEach, expect, it } from 'vitest';
import { windowsPerformers } from '../../../src/host/windows/perform/registry.ts';
import type { FileIdentity } from '../../../src/operations/identity.ts';
import type { OperationKind, OperationTarget } from '../../../src/operations/operation.ts';
import { ANSWERS, BOOT, fileRow, MINER } from './infected.ts';
import { type StandInHost, standInHost } from './stand-in-host.ts';
import { windowsContext } from './windows-context.ts';

/** As on Linux (test/host/perform/stale-plans.test.ts): whatever Windows has changed since the plan, nothing is done. */
type Answers = Readonly<Record<string, unknown>>;
type Case = readonly [what: string, target: OperationTarget, now: Answers];
type Cases = readonly Case[] | { readonly namesNothing: string };

const CREATED = '134083620000000000';
const LATER = '134083629999999999';
const PROCESS = {
  ...{ pid: 5120, startTicks: CREATED, bootId: BOOT, exePath: MINER, exeInode: null, name: 'svchost.exe' },
};
const RUNS = {
  ...{ pid: 5120, created: CREATED, name: 'svchost.exe', path: MINER, commandLine: MINER, parentPid: 700 },
  ...{ service: '', isSuspended: false },
};
const FILE: FileIdentity = {
  ...{ path: MINER, kind: 'file', device: 'C:', inode: CREATED, sizeBytes: 1001, mode: 0, uid: -1, gid: -1 },
  mtimeNs: String((BigInt(CREATED) - 116_444_736_000_000_000n) * 100n),
  sha256: '1'.repeat(64),
};
const SERVICE = {
  ...{ name: 'WinRing0', pathName: MINER, library: '', startMode: 'Auto', state: 'Running', pid: 900 },
};
const KEY = 'HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';

function processCases(target: OperationTarget): readonly Case[] {
  return [
    ['its number has passed to another', target, { 'perform/process-state': [{ ...RUNS, created: LATER }] }],
    ['it has ended', target, { 'perform/process-state': [] }],
  ];
}

function fileCases(target: OperationTarget, more: Answers = {}): readonly Case[] {
  const now = (row: object): Answers => ({ ...more, 'scan/files': [row] });
  return [
    ['its content changed', target, now(fileRow(MINER, 1, { sha256: 'f'.repeat(64) }))],
    ['written again', target, now(fileRow(MINER, 1, { written: LATER }))],
    ['another in its place', target, now(fileRow(MINER, 1, { created: LATER }))],
    ['gone', target, { ...more, 'scan/files': [] }],
  ];
}

const UNIT: OperationTarget = { kind: 'disable-unit', unit: 'WinRing0', user: null, file: FILE };

const CASES: { readonly [K in OperationKind]?: Cases } = {
  'run-command': { namesNothing: 'what it does is its own affair; its plan is bound to its text' },
  'archive-files': { namesNothing: 'it takes what is there, and lists what is not' },
  'block-address': { namesNothing: 'an address is no thing of the host' },
  'isolate-host': { namesNothing: 'it is about all traffic, and asks for the responder’s connection anew' },
  'lift-isolation': { namesNothing: 'there is one isolation at most' },
  'collect-process': processCases({ kind: 'collect-process', process: PROCESS }),
  'freeze-process': processCases({ kind: 'freeze-process', process: PROCESS }),
  'kill-process': processCases({ kind: 'kill-process', process: PROCESS }),
  'quarantine-file': fileCases({ kind: 'quarantine-file', file: FILE }),
  'edit-file': [
    ...fileCases({ kind: 'edit-file', file: FILE, removeLines: [{ number: 1, text: 'one' }] }),
    [
      'changed while it is read',
      { kind: 'edit-file', file: FILE, removeLines: [{ number: 1, text: 'one' }] },
      { 'scan/files': [fileRow(MINER, 1)], 'perform/process-state': [] },
    ],
  ],
  'disable-unit': [
    ['the service removed', UNIT, { 'perform/service-state': [] }],
    [
      'the service set to another program',
      UNIT,
      {
        'scan/files': [fileRow(MINER, 1)],
        'perform/process-state': [],
        'perform/service-state': [{ ...SERVICE, pathName: '"C:\\Program Files\\ours\\x.exe" -k' }],
      },
    ],
    ...fileCases(UNIT, { 'perform/service-state': [SERVICE], 'perform/process-state': [] }),
  ],
  'disable-entry': [
    [
      'a task switched off or removed',
      { kind: 'disable-entry', entry: { type: 'scheduled-task', path: '\\', name: 'WindowsWatchdog' } },
      { 'perform/task-state': [] },
    ],
    [
      'a value that reads otherwise',
      {
        kind: 'disable-entry',
        entry: { type: 'registry-value', key: KEY, name: 'Updater', data: 'C:\\x.exe' },
      },
      { 'perform/value-state': [{ data: 'C:\\ours.exe', raw: 'C:\\ours.exe', kind: 'String' }] },
    ],
    [
      'a binding removed',
      { kind: 'disable-entry', entry: { type: 'wmi-binding', filter: 'fltr', consumer: 'cnsmr' } },
      { 'perform/binding-state': [] },
    ],
    [
      'an exclusion removed',
      {
        kind: 'disable-entry',
        entry: { type: 'defender-exclusion', list: 'ExclusionPath', value: 'C:\\Users\\Public' },
      },
      { 'perform/exclusion-state': [] },
    ],
  ],
  'lock-account': [
    [
      'the name has passed to another id',
      { kind: 'lock-account', account: 'support$', uid: 1009 },
      { 'perform/account-state': [{ sid: 'S-1-5-21-1-2-3-1010', rid: 1010, isEnabled: true }] },
    ],
  ],
  'expire-password': [
    [
      'removed',
      { kind: 'expire-password', account: 'support$', uid: 1009 },
      { 'perform/password-state': [] },
    ],
  ],
  'end-session': [
    [
      'its leader’s number has passed to another',
      {
        kind: 'end-session',
        account: 'WEB-07\\support$',
        leader: { ...PROCESS, pid: 4300, startTicks: LATER },
      },
      { 'scan/sessions': ANSWERS['scan/sessions'] },
    ],
  ],
  'upgrade-packages': { namesNothing: 'work.test.ts has one that no longer waits' },
};

let on: StandInHost | null = null;
afterEach(async () => {
  await on?.end();
  on = null;
});

const rows = Object.entries(CASES).flatMap(([kind, cases]) =>
  'namesNothing' in cases ? [] : cases.map(([what, target, now]) => ({ kind, what, target, now })),
);

it.each(rows)('a stale plan of $kind is refused: $what', async ({ kind, target, now }) => {
  expect(target.kind).toBe(kind);
  const BYTES = { sequence: [{ ok: true, value: [{ bytes: '' }] }] };
  on = standInHost({
    'scan/facts': ANSWERS['scan/facts'],
    'perform/private-folder': [{ highest: 1 }],
    'perform/read-file': BYTES,
    ...now,
  });
  const prepared = await on.host.prepare(
    { id: 'step.1.0', because: [], ...target },
    windowsContext().context,
  );
  expect(prepared).toMatchObject({ status: 'refused', refusal: { code: 'stale' } });
  // Looked at, and nothing more: no script that sets, moves, stops or removes was asked for.
  expect(on.calls().filter(({ name }) => !/^scan\/|-state$|private-folder$|read-file$/.test(name))).toEqual(
    [],
  );
});

it('has a row for every operation that Windows knows', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(windowsPerformers).sort());
});
