import { afterEach, describe, expect, it } from 'vitest';
import { commandLine } from '../../../src/host/windows/perform/command-line.ts';
import type { Operation, OperationTarget, RunCommand } from '../../../src/operations/operation.ts';
import type { Receipt } from '../../../src/operations/receipt.ts';
import { ANSWERS } from './infected.ts';
import { type StandInHost, standInHost } from './stand-in-host.ts';
import { windowsContext } from './windows-context.ts';

let open: StandInHost[] = [];
afterEach(async () => {
  for (const one of open) await one.end();
  open = [];
});

const BASE = { 'scan/facts': ANSWERS['scan/facts'], 'perform/private-folder': [{ highest: 1 }] };
const answer = (...value: readonly object[]) => ({ ok: true, value });
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** How far work is, as perform/work-state.ps1 says it. */
function state(more: object = {}): object {
  return { ...{ exists: true, ended: false, output: '', errors: '', percent: '', result: '' }, ...more };
}
const ended = (result: object, more: object = {}) =>
  state({ ended: true, result: `\uFEFF${JSON.stringify({ ok: true, message: '', ...result })}`, ...more });

function host(answers: Readonly<Record<string, unknown>>): StandInHost {
  const one = standInHost({ ...BASE, ...answers });
  open.push(one);
  return one;
}

const operation = (target: OperationTarget): Operation => ({ id: 'step.1.0', because: [], ...target });
const given = ({ calls }: StandInHost, name: string) =>
  calls().flatMap((call) => (call.name === name ? [call.parameters] : []));

const RUN: Omit<RunCommand, 'command'> = {
  kind: 'run-command',
  environment: { TICKET: 'A-7' },
  secretNames: [],
  workingFolder: null,
  timeoutMs: 60_000,
  risk: 'reversible',
  verify: null,
  undo: null,
};

describe('a command of a playbook on Windows', () => {
  const run = operation({ ...RUN, command: { shell: 'Get-Date; "$env:TICKET"' } });

  it('runs by itself from a folder of its own, and what it says is followed to the end', async () => {
    const on = host({
      'perform/begin-work': [{ status: 'begun' }],
      'perform/work-state': {
        sequence: [
          answer(state({ output: base64('one ') })),
          answer(ended({ exitCode: 0 }, { output: base64('two') })),
          answer(ended({ exitCode: 0 })),
        ],
      },
    });
    const { context, said } = windowsContext();
    const prepared = await on.host.prepare(run, context);
    if (prepared.status !== 'ready') throw new Error(prepared.refusal.message);
    expect(await on.host.perform(run, prepared.receipt, context)).toMatchObject({ status: 'done' });
    expect(said()).toBe('one two');
    const [begun] = given(on, 'perform/begin-work') as { Folder: string; Given: string; Worker: string }[];
    expect(begun?.Folder).toBe('C:\\ProgramData\\tourniquet\\web-07-1\\work-step.1.0');
    expect(JSON.parse(begun?.Given ?? '')).toMatchObject({
      text: 'Get-Date; "$env:TICKET"',
      environment: { TICKET: 'A-7' },
      timeoutMs: 60_000,
    });
    expect(begun?.Worker).toContain('Start-Process @how');
    expect(given(on, 'perform/work-state').map((one) => (one as { Offset: string }).Offset)).toEqual([
      '0',
      '4',
      '7',
    ]);
    expect(await on.host.verify(run, prepared.receipt)).toMatchObject({ status: 'holds', hasEnded: true });
  });

  it('that was begun before is attached to', async () => {
    const on = host({
      'perform/begin-work': [{ status: 'there' }],
      'perform/work-state': [ended({ exitCode: 3 })],
    });
    const { context } = windowsContext();
    const outcome = await on.host.perform(run, { kind: 'run-command', folder: 'C:\\x' }, context);
    expect(outcome).toMatchObject({ status: 'failed', message: 'It ended with exit code 3.' });
  });

  it('is refused where it would need a secret, which would have to lie on the disk', async () => {
    const on = host({});
    const { context } = windowsContext();
    const secret = operation({ ...RUN, command: { shell: 'x' }, secretNames: ['TOKEN'] });
    expect(await on.host.prepare(secret, { ...context, secrets: { TOKEN: 't' } })).toMatchObject({
      refusal: { code: 'unavailable' },
    });
  });

  it('is checked and taken back by the commands of its step', async () => {
    const whole = operation({
      ...RUN,
      command: { argv: ['C:\\tools\\x.exe', 'a b', 'say "hi"', 'C:\\end\\'] },
      verify: { shell: 'exit 0' },
      undo: { shell: 'undo' },
    });
    const on = host({
      'perform/begin-work': [{ status: 'begun' }],
      'perform/work-state': [ended({ exitCode: 0 })],
    });
    const { context } = windowsContext();
    const receipt: Receipt = { kind: 'run-command', folder: 'C:\\f' };
    expect(await on.host.perform(whole, receipt, context)).toMatchObject({ status: 'done' });
    expect(await on.host.verify(whole, receipt)).toMatchObject({
      status: 'holds',
      detail: 'The check holds.',
    });
    expect(await on.host.undo(whole, receipt, context)).toMatchObject({ status: 'done' });
    const texts = given(on, 'perform/begin-work').map((one) => JSON.parse((one as { Given: string }).Given));
    expect(texts.map(({ text, file, arguments: line }) => [text, file, line])).toEqual([
      ['', 'C:\\tools\\x.exe', '"a b" "say \\"hi\\"" C:\\end\\'],
      ['exit 0', '', ''],
      ['undo', '', ''],
    ]);
  });
});

it.each([
  [['plain'], 'plain'],
  [[''], '""'],
  [['C:\\a b\\'], '"C:\\a b\\\\"'],
  [['a\\"b'], '"a\\\\\\"b"'],
])('arguments %j become one line that is taken apart as it was', (argv, line) => {
  expect(commandLine(argv)).toBe(line);
});

describe('updates of Windows', () => {
  const upgrade = operation({ kind: 'upgrade-packages', manager: 'windows-update', packages: ['KB5090001'] });

  it('are installed with progress, and looked for afterwards', async () => {
    const on = host({
      'scan/updates': { sequence: [answer(...(ANSWERS['scan/updates'] as object[])), answer()] },
      'perform/begin-work': [{ status: 'begun' }],
      'perform/work-state': {
        sequence: [answer(state({ percent: '50' })), answer(ended({ installed: 1, needsRestart: true }))],
      },
    });
    const { context, progress } = windowsContext();
    const prepared = await on.host.prepare(upgrade, context);
    if (prepared.status !== 'ready') throw new Error(prepared.refusal.message);
    const outcome = await on.host.perform(upgrade, prepared.receipt, context);
    expect(outcome.message).toBe('Installed. Windows has to be started anew for it to take effect.');
    expect(progress).toContainEqual({ done: 50, total: 100, unit: 'percent' });
    expect(await on.host.verify(upgrade, outcome.receipt)).toMatchObject({ status: 'holds' });
  });

  it('that wait no longer are refused as stale', async () => {
    const on = host({ 'scan/updates': { sequence: [answer()] } });
    const { context } = windowsContext();
    expect(await on.host.prepare(upgrade, context)).toMatchObject({ refusal: { code: 'stale' } });
  });
});

it('a hidden task goes by its keys, which are kept whole and written again by undo', async () => {
  const KEYS = [
    {
      path: 'HKEY_LOCAL_MACHINE\\X\\Tree\\WinUpdateSvc',
      values: [{ name: 'Id', kind: 'String', data: '{1}' }],
    },
  ];
  const hide = operation({
    kind: 'disable-entry',
    entry: { type: 'hidden-task', path: '\\', name: 'WinUpdateSvc' },
  });
  const there = answer({ id: '{1}', keys: KEYS });
  const on = host({
    'perform/hidden-task-state': { sequence: [there, answer()] },
    'perform/begin-work': [{ status: 'begun' }],
    'perform/work-state': [ended({})],
  });
  const { context } = windowsContext();
  const prepared = await on.host.prepare(hide, context);
  if (prepared.status !== 'ready') throw new Error(prepared.refusal.message);
  expect(await on.host.perform(hide, prepared.receipt, context)).toMatchObject({ status: 'done' });
  expect(await on.host.verify(hide, prepared.receipt)).toMatchObject({ status: 'holds' });
  expect(await on.host.undo(hide, prepared.receipt, context)).toMatchObject({ status: 'done' });
  const told = given(on, 'perform/begin-work').map((one) => JSON.parse((one as { Given: string }).Given));
  expect(told).toEqual([
    { remove: true, keys: KEYS },
    { remove: false, keys: KEYS },
  ]);
});
