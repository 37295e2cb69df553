import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { OperationContext } from '../../../src/host/host.ts';
import type { FileIdentity } from '../../../src/operations/identity.ts';
import type { Operation, OperationTarget } from '../../../src/operations/operation.ts';
import type { Receipt } from '../../../src/operations/receipt.ts';
import { ANSWERS, BOOT, fileRow, HOSTS, MINER } from './infected.ts';
import { type StandInHost, standInHost } from './stand-in-host.ts';

let open: StandInHost[] = [];
afterEach(async () => {
  for (const one of open) await one.end();
  open = [];
});

const CREATED = '134083620000000000';
const PROCESS = {
  pid: 5120,
  startTicks: CREATED,
  bootId: BOOT,
  exePath: MINER,
  exeInode: null,
  name: 'svchost.exe',
};
const RUNS = {
  pid: 5120,
  created: CREATED,
  name: 'svchost.exe',
  path: MINER,
  commandLine: MINER,
  parentPid: 700,
  service: '',
  isSuspended: false,
};
const OK = { ok: true };
const answer = (...value: readonly object[]) => ({ ...OK, value });
const inTurn = (...values: readonly (readonly object[])[]) => ({
  sequence: values.map((value) => answer(...value)),
});

/** Before anything is done: who the responder is, the folder, and nothing of the responder's own among the files. */
const BASE = {
  'scan/facts': ANSWERS['scan/facts'],
  'perform/private-folder': [{ highest: 1 }],
  'perform/read-file': inTurn([{ bytes: Buffer.from('MZ program').toString('base64') }], [{ bytes: '' }]),
};

function host(answers: Readonly<Record<string, unknown>>): StandInHost {
  const one = standInHost({ ...BASE, ...answers });
  open.push(one);
  return one;
}

const kept = new Map<string, Buffer>();
const CONTEXT: OperationContext = {
  incidentId: 'web-07-1',
  fence: 'web-07-1:1',
  secrets: {},
  onOutput: () => {},
  onProgress: () => {},
  evidence: {
    async open(name, source) {
      const pieces: Uint8Array[] = [];
      return {
        async write(bytes) {
          pieces.push(bytes);
        },
        async close() {
          const bytes = Buffer.concat(pieces);
          kept.set(name, bytes);
          const sha256 = createHash('sha256').update(bytes).digest('hex');
          return { name, sha256, sizeBytes: bytes.length, source };
        },
      };
    },
  },
};

function operation(target: OperationTarget): Operation {
  return { id: 'step.1.0', because: [], ...target };
}

async function prepared({ host: on }: StandInHost, one: Operation): Promise<Receipt> {
  const outcome = await on.prepare(one, CONTEXT);
  if (outcome.status !== 'ready') throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
  return outcome.receipt;
}

/** What a script was given, each time it was called. */
function given({ calls }: StandInHost, name: string): readonly unknown[] {
  return calls().flatMap((call) => (call.name === name ? [call.parameters] : []));
}

function identity(path: string, index: number, more: Partial<FileIdentity> = {}): FileIdentity {
  return {
    path,
    kind: 'file',
    device: 'C:',
    inode: CREATED,
    sizeBytes: 1000 + index,
    mode: 0,
    uid: -1,
    gid: -1,
    mtimeNs: String((BigInt(CREATED) - 116_444_736_000_000_000n) * 100n),
    sha256: String(index).repeat(64).slice(0, 64),
    ...more,
  };
}

describe('kill-process on Windows', () => {
  const kill = operation({ kind: 'kill-process', process: PROCESS });

  it('keeps the program, ends the process by number and time of creation, and sees that it is gone', async () => {
    const on = host({
      'perform/process-state': inTurn([RUNS], []),
      'perform/stop-process': [{ pid: 5120, status: 'done' }],
    });
    const receipt = await prepared(on, kill);
    expect(kept.get('step.1.0/program')?.toString()).toBe('MZ program');
    expect(await on.host.perform(kill, receipt, CONTEXT)).toMatchObject({ status: 'done' });
    expect(given(on, 'perform/stop-process')).toEqual([{ Id: 5120, Created: CREATED }]);
    expect(await on.host.verify(kill, receipt)).toMatchObject({ status: 'holds' });
  });

  it.each([
    ['another process that has got its number', { created: '134083629999999999' }, 'stale'],
    ['a part of Windows', { name: 'lsass.exe', path: 'C:\\Windows\\System32\\lsass.exe' }, 'invalid'],
  ])('refuses %s', async (_what, more, code) => {
    const on = host({ 'perform/process-state': [{ ...RUNS, ...more }] });
    expect(await on.host.prepare(kill, CONTEXT)).toMatchObject({ status: 'refused', refusal: { code } });
  });

  it('keeps its memory first where that is asked for, and says where it is too much', async () => {
    const withMemory = operation({ kind: 'kill-process', process: PROCESS, memoryBytes: 1_000_000 });
    const reads = (text: string) => [
      answer({ bytes: Buffer.from(text).toString('base64') }),
      answer({ bytes: '' }),
    ];
    const on = host({
      'perform/process-state': [RUNS],
      'perform/dump-memory': { sequence: [answer({ status: 'done' }), answer({ status: 'too-large' })] },
      'perform/forget-file': [{ path: 'x' }],
      'perform/read-file': {
        sequence: [...reads('MZ program'), ...reads('MDMP memory'), ...reads('MZ program')],
      },
    });
    await prepared(on, withMemory);
    expect(kept.get('step.1.0/memory.dmp')?.toString()).toBe('MDMP memory');
    const Path = 'C:\\ProgramData\\tourniquet\\web-07-1\\step.1.0.dmp';
    expect(given(on, 'perform/dump-memory')).toEqual([{ Id: 5120, Created: CREATED, Path, Most: '1000000' }]);
    expect(given(on, 'perform/forget-file')).toEqual([{ Path }]);
    await prepared(on, withMemory);
    expect(kept.get('step.1.0/memory.txt')?.toString()).toContain('it has more than 1000000 bytes');
  });

  it('refuses the responder’s own session', async () => {
    const own = operation({ kind: 'kill-process', process: { ...PROCESS, pid: 4000 } });
    const on = host({ 'perform/process-state': [{ ...RUNS, pid: 4000 }] });
    expect(await on.host.prepare(own, CONTEXT)).toMatchObject({ refusal: { code: 'responder' } });
  });

  it('tells what Windows refused, in its words', async () => {
    const on = host({
      'perform/process-state': [RUNS],
      'perform/stop-process': {
        sequence: [{ ok: false, message: 'Access is denied', category: 'PermissionDenied' }],
      },
    });
    const receipt = await prepared(on, kill);
    expect(await on.host.perform(kill, receipt, CONTEXT)).toMatchObject({
      status: 'failed',
      message: 'Windows refused it: Access is denied',
    });
  });
});

it('a runner that was replaced does nothing', async () => {
  const on = host({ 'perform/private-folder': [{ highest: 2 }] });
  const kill = operation({ kind: 'kill-process', process: PROCESS });
  await expect(on.host.perform(kill, { kind: 'kill-process' }, CONTEXT)).rejects.toMatchObject({
    code: 'taken-over',
  });
  expect(given(on, 'perform/stop-process')).toEqual([]);
});

it('without the rights of an administrator nothing is begun, and that is said', async () => {
  const [facts] = ANSWERS['scan/facts'] as object[];
  const on = host({ 'scan/facts': [{ ...facts, isElevated: false }] });
  const outcome = await on.host.prepare(operation({ kind: 'kill-process', process: PROCESS }), CONTEXT);
  expect(JSON.stringify(outcome)).toContain('elevated prompt');
});

it('freeze-process stops all in one pass, and sets only those going again that it stopped', async () => {
  const other = { ...PROCESS, pid: 5121 };
  const freeze = operation({ kind: 'freeze-process', process: PROCESS, others: [other] });
  const states = [RUNS, { ...RUNS, pid: 5121, isSuspended: true }];
  const on = host({
    'perform/process-state': inTurn(
      states,
      states.map((one) => ({ ...one, isSuspended: true })),
    ),
    'perform/suspend-process': [{ pid: 5120, status: 'done' }],
  });
  const receipt = await prepared(on, freeze);
  expect(await on.host.perform(freeze, receipt, CONTEXT)).toMatchObject({ status: 'done' });
  expect(await on.host.verify(freeze, receipt)).toMatchObject({ status: 'holds' });
  await on.host.undo(freeze, receipt, CONTEXT);
  expect(given(on, 'perform/suspend-process')).toEqual([
    { Id: ['5120'], Created: [CREATED], Resume: false },
    { Id: ['5120'], Created: [CREATED], Resume: true },
  ]);
});

describe('block-address on Windows', () => {
  const block = operation({ kind: 'block-address', address: '203.0.113.77' });
  const on = (names: readonly string[], off: readonly string[] = []) => ({
    profilesOff: off,
    profilesOfPolicy: [],
    rules: names.map((name) => ({
      name,
      direction: 'Inbound',
      action: 'Block',
      enabled: 'True',
      addresses: ['203.0.113.77'],
    })),
  });
  const BOTH = ['tourniquet-block-203.0.113.77-Inbound', 'tourniquet-block-203.0.113.77-Outbound'];

  it('makes a rule each way in a group of our own, and takes only those away again', async () => {
    const one = host({
      'perform/firewall-state': inTurn([on([])], [on(BOTH)]),
      'perform/block-address': BOTH.map((name) => ({ name })),
      'perform/remove-rules': BOTH.map((name) => ({ name })),
    });
    const receipt = await prepared(one, block);
    await one.host.perform(block, receipt, CONTEXT);
    expect(given(one, 'perform/block-address')).toEqual([
      { Name: 'tourniquet-block-203.0.113.77', Group: 'tourniquet-block', Address: ['203.0.113.77'] },
    ]);
    expect(await one.host.verify(block, receipt)).toMatchObject({ status: 'holds' });
    await one.host.undo(block, receipt, CONTEXT);
    expect(given(one, 'perform/remove-rules')).toEqual([{ Name: BOTH }]);
  });

  it('refuses the responder’s own address, and a firewall that is off', async () => {
    const own = operation({ kind: 'block-address', address: '198.51.100.7' });
    expect(await host({}).host.prepare(own, CONTEXT)).toMatchObject({ refusal: { code: 'responder' } });
    const off = host({ 'perform/firewall-state': [on([], ['Public'])] });
    expect(await off.host.prepare(block, CONTEXT)).toMatchObject({ refusal: { code: 'unavailable' } });
  });
});

it('isolate-host leaves out of its rules whom it lets through, takes itself back, and stays when confirmed', async () => {
  const isolate = operation({
    kind: 'isolate-host',
    allowedPeers: ['10.0.0.0/24'],
    allowDns: false,
    confirmWithinMs: 120_000,
    mustReach: null,
    mustNotReach: null,
  });
  const none = { profilesOff: [], profilesOfPolicy: [], rules: [] };
  const rules = ['Inbound', 'Outbound'].map((direction) => ({
    name: `tourniquet-isolation-${direction}`,
    direction,
    action: 'Block',
    enabled: 'True',
    addresses: ['1.0.0.0-9.255.255.255'],
  }));
  const on = host({
    'perform/firewall-state': inTurn([none], [{ ...none, rules }]),
    'perform/dhcp-servers': [{ dhcp: '10.9.9.1', names: ['10.9.9.2'] }],
    'perform/isolate': [{ name: 'tourniquet-isolation' }],
    'perform/isolation-stays': [{ name: 'tourniquet-isolation' }],
  });
  const receipt = await prepared(on, isolate);
  expect(receipt.allowed).toEqual(['10.0.0.0/24', '198.51.100.7', '10.9.9.1']);
  const outcome = await on.host.perform(isolate, receipt, CONTEXT);
  expect(outcome.confirmBefore).toBeGreaterThan(Date.now());
  const [call] = given(on, 'perform/isolate') as { Range: string[]; Seconds: number }[];
  expect(call?.Seconds).toBe(120);
  expect(call?.Range.slice(0, 2)).toEqual(['1.0.0.0-9.255.255.255', '10.0.1.0-10.9.9.0']);
  expect(await on.host.confirm(isolate, receipt, 'two-sided-test')).toMatchObject({
    status: 'does-not-hold',
  });
  expect(given(on, 'perform/isolation-stays')).toEqual([]);
  expect(await on.host.confirm(isolate, receipt, 'responder')).toMatchObject({ status: 'holds' });
  expect(given(on, 'perform/isolation-stays')).toEqual([{}]);
});

describe('quarantine-file on Windows', () => {
  const file = identity(MINER, 1);
  const quarantine = operation({ kind: 'quarantine-file', file });
  const SECURITY = { sddl: 'O:BAG:SYD:(A;;FA;;;SY)', attributes: 38, created: CREATED, written: CREATED };
  const place = 'C:\\ProgramData\\tourniquet\\web-07-1\\step.1.0.quarantined';

  it('keeps the access list, moves the file, and puts it back as it was', async () => {
    const on = host({
      'scan/files': inTurn([fileRow(MINER, 1)], [fileRow(place, 1)]),
      'perform/process-state': [],
      'perform/file-security': [SECURITY],
      'perform/move-file': [{ path: place }],
      'perform/restore-file': [{ path: MINER }],
    });
    const receipt = await prepared(on, quarantine);
    expect(receipt).toMatchObject({ ...SECURITY, kept: place, sha256: file.sha256 });
    await on.host.perform(quarantine, receipt, CONTEXT);
    expect(given(on, 'perform/move-file')).toEqual([
      { Path: MINER, Destination: place, Sha256: file.sha256 },
    ]);
    expect(await on.host.verify(quarantine, receipt)).toMatchObject({ status: 'holds' });
    await on.host.undo(quarantine, receipt, CONTEXT);
    expect(given(on, 'perform/restore-file')).toMatchObject([
      { Path: place, Destination: MINER, Sddl: SECURITY.sddl, Attributes: 38, Created: CREATED },
    ]);
  });

  it.each([
    ['content', { sha256: 'f'.repeat(64) }],
    ['time of writing', { written: '134083629999999999' }],
    ['time of creation', { created: '134083629999999999' }],
  ])('refuses a file of another %s', async (_what, more) => {
    const on = host({ 'scan/files': [fileRow(MINER, 1, more)] });
    expect(await on.host.prepare(quarantine, CONTEXT)).toMatchObject({ refusal: { code: 'stale' } });
  });

  it('refuses the program of the responder’s own session', async () => {
    const on = host({ 'scan/files': [fileRow(MINER, 1)], 'perform/process-state': [RUNS] });
    expect(await on.host.prepare(quarantine, CONTEXT)).toMatchObject({ refusal: { code: 'responder' } });
  });
});

it('edit-file takes the bad line out of the hosts file and leaves the rest byte for byte', async () => {
  const text = Buffer.from('127.0.0.1 localhost\r\n0.0.0.0 wdcp.microsoft.com\r\n10.0.0.9 intranet\r\n');
  const sha = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
  const after = '127.0.0.1 localhost\r\n10.0.0.9 intranet\r\n';
  const row = { sizeBytes: String(text.length), sha256: sha(text) };
  const edit = operation({
    kind: 'edit-file',
    file: identity(HOSTS, 0, { sizeBytes: text.length, sha256: sha(text) }),
    removeLines: [{ number: 2, text: '0.0.0.0 wdcp.microsoft.com' }],
  });
  const read = [[{ bytes: text.toString('base64') }], [{ bytes: '' }]];
  const on = host({
    'scan/files': inTurn([fileRow(HOSTS, 0, row)], [fileRow(HOSTS, 0, { sha256: sha(after) })]),
    'perform/process-state': [],
    'perform/read-file': inTurn(...read, ...read),
    'perform/write-file': inTurn([{ sha256: sha(after) }], [{ sha256: sha(text) }]),
  });
  const receipt = await prepared(on, edit);
  expect(await on.host.perform(edit, receipt, CONTEXT)).toMatchObject({ status: 'done' });
  expect(given(on, 'perform/write-file')).toEqual([
    { Path: HOSTS, Sha256: sha(text), Bytes: Buffer.from(after).toString('base64') },
  ]);
  expect(await on.host.verify(edit, receipt)).toMatchObject({ status: 'holds' });
  expect(await on.host.undo(edit, receipt, CONTEXT)).toMatchObject({ status: 'done' });
  expect(given(on, 'perform/write-file')[1]).toEqual({
    Path: HOSTS,
    Sha256: sha(after),
    Bytes: text.toString('base64'),
  });
});

describe('disable-entry on Windows', () => {
  const KEY = 'HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';
  const CASES = [
    {
      entry: { type: 'scheduled-task', path: '\\', name: 'WindowsWatchdog' },
      state: 'perform/task-state',
      there: { isInForce: true, kept: '<Task/>' },
      set: 'perform/set-task',
      off: { Path: '\\', Name: 'WindowsWatchdog', Enable: false },
      on: { Path: '\\', Name: 'WindowsWatchdog', Enable: true },
    },
    {
      entry: { type: 'registry-value', key: KEY, name: 'Updater', data: 'C:\\x.exe' },
      state: 'perform/value-state',
      there: { data: 'C:\\x.exe', raw: '%SystemDrive%\\x.exe', kind: 'ExpandString' },
      set: 'perform/set-value',
      off: { Key: KEY, Name: 'Updater', Raw: '%SystemDrive%\\x.exe', Kind: 'ExpandString', Remove: true },
      on: { Key: KEY, Name: 'Updater', Raw: '%SystemDrive%\\x.exe', Kind: 'ExpandString', Remove: false },
    },
    {
      entry: { type: 'wmi-binding', filter: 'fltr', consumer: 'cnsmr' },
      state: 'perform/binding-state',
      there: { isInForce: true, kept: 'CommandLineEventConsumer' },
      set: 'perform/set-binding',
      off: { Filter: 'fltr', Consumer: 'cnsmr', Remove: true },
      on: { Filter: 'fltr', Consumer: 'cnsmr', Remove: false },
    },
    {
      entry: { type: 'defender-exclusion', list: 'ExclusionPath', value: 'C:\\Users\\Public' },
      state: 'perform/exclusion-state',
      there: { isInForce: true, kept: 'ExclusionPath' },
      set: 'perform/set-exclusion',
      off: { List: 'ExclusionPath', Value: 'C:\\Users\\Public', Remove: true },
      on: { List: 'ExclusionPath', Value: 'C:\\Users\\Public', Remove: false },
    },
  ] as const;

  it.each(CASES)('takes a $entry.type out of force, and puts it back', async (one) => {
    const disable = operation({ kind: 'disable-entry', entry: one.entry });
    const on = host({ [one.state]: inTurn([one.there], []), [one.set]: [{ name: 'x' }] });
    const receipt = await prepared(on, disable);
    expect(await on.host.perform(disable, receipt, CONTEXT)).toMatchObject({ status: 'done' });
    expect(await on.host.verify(disable, receipt)).toMatchObject({ status: 'holds' });
    expect(await on.host.undo(disable, receipt, CONTEXT)).toMatchObject({ status: 'done' });
    expect(given(on, one.set)).toEqual([one.off, one.on]);
  });

  it('refuses a value that reads otherwise by then', async () => {
    const disable = operation({ kind: 'disable-entry', entry: CASES[1].entry });
    const on = host({ 'perform/value-state': [{ ...CASES[1].there, data: 'C:\\ours.exe' }] });
    expect(await on.host.prepare(disable, CONTEXT)).toMatchObject({ refusal: { code: 'stale' } });
  });
});

it('disable-unit stops a service, and sets it again as it was', async () => {
  const disable = operation({ kind: 'disable-unit', unit: 'WinRing0', user: null, file: identity(MINER, 1) });
  const runs = {
    name: 'WinRing0',
    pathName: MINER,
    library: '',
    startMode: 'Auto',
    state: 'Running',
    pid: 900,
  };
  const on = host({
    'scan/files': [fileRow(MINER, 1)],
    'perform/process-state': [],
    'perform/service-state': inTurn([runs], [{ ...runs, startMode: 'Disabled', state: 'Stopped', pid: 0 }]),
    'perform/set-service': [{ name: 'WinRing0' }],
  });
  const receipt = await prepared(on, disable);
  await on.host.perform(disable, receipt, CONTEXT);
  expect(await on.host.verify(disable, receipt)).toMatchObject({ status: 'holds' });
  await on.host.undo(disable, receipt, CONTEXT);
  expect(given(on, 'perform/set-service')).toEqual([
    { Name: 'WinRing0', StartupType: 'Disabled', Run: false },
    { Name: 'WinRing0', StartupType: 'Automatic', Run: true },
  ]);
});

it('accounts are switched off by their id and asked for a new password, never the responder’s own', async () => {
  const lock = operation({ kind: 'lock-account', account: 'support$', uid: 1009 });
  const expire = operation({ kind: 'expire-password', account: 'support$', uid: 1009 });
  const on = host({
    'perform/account-state': inTurn(
      [{ sid: 'S-1-5-21-1-2-3-1009', rid: 1009, isEnabled: true }],
      [{ sid: 'S-1-5-21-1-2-3-1009', rid: 1009, isEnabled: false }],
    ),
    'perform/set-account': [{ sid: 'S-1-5-21-1-2-3-1009' }],
    'perform/password-state': [{ rid: 1009, isExpired: false, neverExpires: true }],
  });
  const receipt = await prepared(on, lock);
  await on.host.perform(lock, receipt, CONTEXT);
  expect(await on.host.verify(lock, receipt)).toMatchObject({ status: 'holds' });
  await on.host.undo(lock, receipt, CONTEXT);
  expect(given(on, 'perform/set-account')).toEqual([
    { Sid: 'S-1-5-21-1-2-3-1009', Enable: false },
    { Sid: 'S-1-5-21-1-2-3-1009', Enable: true },
  ]);
  expect(await on.host.prepare(expire, CONTEXT)).toMatchObject({ refusal: { code: 'unavailable' } });
  const own = operation({ kind: 'lock-account', account: 'administrator', uid: 500 });
  expect(await on.host.prepare(own, CONTEXT)).toMatchObject({ refusal: { code: 'responder' } });
});

describe('end-session on Windows', () => {
  const [, foreign] = ANSWERS['scan/sessions'] as { leaderPid: number; account: string }[];
  const leader = { ...PROCESS, pid: foreign?.leaderPid ?? 0, name: 'winlogon.exe', exePath: null };
  const end = operation({ kind: 'end-session', account: 'WEB-07\\support$', leader });

  it('logs off the session that was planned for, and sees that it is gone', async () => {
    const sessions = ANSWERS['scan/sessions'] as object[];
    const on = host({
      'scan/sessions': inTurn(sessions, sessions.slice(0, 1)),
      'perform/end-session': [{ status: 'done' }],
    });
    const receipt = await prepared(on, end);
    expect(kept.get('step.1.0/session.json')?.toString()).toContain('"client": "DESKTOP-7"');
    expect(await on.host.perform(end, receipt, CONTEXT)).toMatchObject({ status: 'done' });
    expect(given(on, 'perform/end-session')).toEqual([{ Leader: 4300, Created: CREATED }]);
    expect(await on.host.verify(end, receipt)).toMatchObject({ status: 'holds' });
    expect(await on.host.undo(end, receipt, CONTEXT)).toMatchObject({ status: 'failed' });
  });

  it.each([
    ['the responder’s own', 4100, CREATED, 'responder'],
    ['another with its number', 4300, '134083629999999999', 'stale'],
  ])('refuses %s', async (_what, pid, startTicks, code) => {
    const on = host({ 'scan/sessions': ANSWERS['scan/sessions'] });
    const other = operation({ kind: 'end-session', account: 'x', leader: { ...leader, pid, startTicks } });
    expect(await on.host.prepare(other, CONTEXT)).toMatchObject({ refusal: { code } });
  });
});

it('archive-files keeps each file with a list, and says what it could not keep', async () => {
  const archive = operation({
    kind: 'archive-files',
    paths: ['C:\\a', 'C:\\gone'],
    name: 'files',
    maxBytes: 100,
  });
  const rows = [
    { path: 'C:\\a\\x.xml', sizeBytes: '10', status: 'file' },
    { path: 'C:\\gone', sizeBytes: '0', status: 'missing' },
  ];
  const on = host({ 'perform/list-files': rows });
  expect(await prepared(on, archive)).toMatchObject({ kept: 1, noted: 2 });
  expect(kept.get('step.1.0/files/files.txt')?.toString()).toMatch(
    /^[0-9a-f]{64}\tstep\.1\.0\/files\/0001\tC:\\a\\x\.xml\nmissing\tC:\\gone\n$/,
  );
  const large = host({ 'perform/list-files': [{ ...rows[0], sizeBytes: '101' }] });
  expect(await large.host.prepare(archive, CONTEXT)).toMatchObject({ refusal: { code: 'evidence' } });
});

it('what Windows has no way for is refused in words that say what to do', async () => {
  const on = host({});
  const outcome = await on.host.prepare(operation({ kind: 'lift-isolation' }), CONTEXT);
  expect(outcome).toMatchObject({ status: 'refused' });
  const container = { runtime: 'docker', id: 'c'.repeat(64), name: 'x', image: 'x' } as const;
  expect(await on.host.prepare(operation({ kind: 'stop-container', container }), CONTEXT)).toMatchObject({
    refusal: { message: expect.stringContaining('by hand') },
  });
});
