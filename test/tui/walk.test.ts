import { afterEach, describe, expect, it } from 'vitest';
import { KEYS } from './fake-terminal.ts';
import { CONFIRM_BEFORE, FINDINGS, script } from './script.ts';
import { ScriptedHandle } from './scripted-handle.ts';
import { endAll, OPENED_MS, start, toStep } from './start.ts';

afterEach(endAll);

describe('walking through an incident', () => {
  it('asks twice for what would close a last way in, with what is left to get in by', async () => {
    const remarks = ['It takes away the last key.', 'Left to get in by over SSH: bob by a password.'];
    const base = script();
    const handle = new ScriptedHandle(
      {
        ...base,
        plan: (step, number) => ({
          ...base.plan(step, number),
          ...(step.id === 'snapshot' ? { word: 'close', remarks, risk: 'reversible' as const } : {}),
        }),
      },
      { nowMs: OPENED_MS },
    );
    const { terminal } = start({ handle });
    const { type, see } = bound(terminal);
    await toStep(terminal, handle, 'snapshot');
    await see('Left to get in by over SSH: bob by a password.');
    type(KEYS.enter);
    await see('It takes away the last key.');
    await see('Type close to approve');
    type('close');
    await see('❯ close▏');
    type(KEYS.enter);
    await see('⏎ does 1 operation (isolate-host)');
    expect(handle.sent('approve-plan').at(-1)).toMatchObject({ stepId: 'snapshot', how: 'word' });
  });

  it('gets through with Enter and what the question line says', async () => {
    const { terminal, handle, result, setMs } = start();
    const { type, see } = bound(terminal);
    setMs(CONFIRM_BEFORE - 60_000);

    await see('Read what was found');
    expect(terminal.isAlternate).toBe(true);
    type(KEYS.enter);
    await see('⏎ does 2 operations (collect-process, archive-files). This only reads.');
    type(KEYS.enter);
    await see('⏎ does 1 operation (isolate-host)');
    type(KEYS.enter);
    await see(/You are still connected\? ⏎ within \d+ s keeps it, otherwise it is taken back\./);
    type(KEYS.enter);
    await see('1 of 3 chosen');
    expect(handle.sent('confirm-operation')).toEqual([
      { kind: 'confirm-operation', operationId: 'isolate.1.1', how: 'responder' },
    ]);
    type(`${KEYS.down} `);
    await see('2 of 3 chosen');
    await see('2 operations (block-address)');
    type(KEYS.enter);
    await see('⏎ asks you to type “kill”');
    type(KEYS.enter);
    await see('Type kill to approve');
    type('kil');
    await see('❯ kil▏');
    type(KEYS.enter);
    await see('that is not the word');
    type(`l${KEYS.enter}`);
    await see('⏎ does 1 operation (quarantine-file)');
    expect(handle.sent('approve-plan').at(-1)).toMatchObject({ stepId: 'kill', how: 'word' });
    type(KEYS.enter);
    await see('⏎ does 1 operation (run-command)');
    type(KEYS.enter);
    await see('This is for you to do, by hand');
    await see('Call the owner of the server.');
    type(KEYS.enter);
    await see('Who was called');
    type(`ben${KEYS.enter}`);
    await see('What they decided');
    type(`rebuild${KEYS.enter}`);
    await see('⏎ watches for 10 m 00 s');
    expect(handle.sent('do-by-hand')).toEqual([
      { kind: 'do-by-hand', stepId: 'tell', record: 'Who was called: ben\nWhat they decided: rebuild' },
    ]);
    type(KEYS.enter);
    await see('Every step is done.');
    type(KEYS.enter);
    await see('Transcript written: /incidents/web-07/transcript.md');
    await see('❯ x  Close the incident');
    type(KEYS.enter);
    await see('How did it end?');
    type(KEYS.enter);
    await see('The incident is closed.');
    expect(terminal.scrolled).toBe(0);
    type(KEYS.enter);
    expect(await result).toMatchObject({ kind: 'closed', transcriptPath: '/incidents/web-07/transcript.md' });
    expect(handle.view().incident.closedAt).not.toBeNull();
    expect(handle.leaveReasons).toHaveLength(1);
    await terminal.see(() => !terminal.isAlternate);
    expect(terminal.isRaw).toBe(false);
  });

  it('says when something failed, and offers again, going on and undo', async () => {
    let isBroken = true;
    const handle = new ScriptedHandle(
      script({
        perform: (operation) =>
          operation.kind === 'block-address' && operation.address === '203.0.113.10' && isBroken
            ? { status: 'failed', message: 'nft says: Operation not permitted' }
            : null,
      }),
      { nowMs: OPENED_MS },
    );
    const { terminal } = start({ handle });
    const { type, see } = bound(terminal);
    await toStep(terminal, handle, 'block-c2');
    type(`${KEYS.down} `);
    await see('2 operations (block-address)');
    type(KEYS.enter);
    await see('✘ Failed: nft says: Operation not permitted.');
    await see('❯ r  Again');
    await see('l  Leave it and go on');
    await see('u  Undo what was done');
    await see('✘ block-address 203.0.113.10');
    type('u');
    await see('Undo “Block C2”?');
    await see('2 operations would be taken back, newest first: block-address 203.0.113.10,');
    type(KEYS.escape);
    await see('❯ r  Again');
    isBroken = false;
    type(KEYS.enter);
    await see('⏎ does');
    expect(handle.view().incident.steps.find((step) => step.id === 'block-c2')?.status).toBe('todo');
  });

  it('asks what became of an operation that was cut off', async () => {
    const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS, held: ['perform:block-c2.1.1'] });
    const { terminal } = start({ handle });
    const { type, see } = bound(terminal);
    await toStep(terminal, handle, 'block-c2');
    type(KEYS.enter);
    await see('Doing: block-address 203.0.113.9');
    const [operation] = handle.view().incident.steps[3]?.plan?.operations ?? [];
    if (operation === undefined) throw new Error('no plan');
    handle.start('block-c2', operation);
    // The runner died and another one takes over.
    const other = new ScriptedHandle(script(), { nowMs: OPENED_MS });
    for (const record of handle.records().slice(2)) other.happen(record.event);
    other.attach();
    await other.whenIdle();
    const second = start({ handle: other });
    await second.terminal.see('Cut off: “block-address 203.0.113.9” was begun');
    await second.terminal.see('❯ 1  It did not happen');
    second.terminal.type('2');
    await second.terminal.see('⏎ asks you to type “kill”');
    expect(other.sent('answer-recovery')).toEqual([
      { kind: 'answer-recovery', operationId: 'block-c2.1.1', didHappen: true },
    ]);
  });

  it('undoes a step after asking, and says so', async () => {
    const { terminal, handle } = start();
    const { type, see } = bound(terminal);
    await toStep(terminal, handle, 'kill');
    type(KEYS.left);
    type(KEYS.up);
    await see('4  Block C2');
    await see('✔ Done: 1 held');
    type('u');
    await see('1 operation would be taken back, newest first: block-address 203.0.113.9.');
    await see('❯ k  Keep it');
    type(`${KEYS.down}${KEYS.enter}`);
    await see('↶ Undone: what it changed was taken back.');
    expect(handle.sent('undo-step')).toEqual([{ kind: 'undo-step', stepId: 'block-c2' }]);
    await see('↶ block-address 203.0.113.9');
  });

  it('skips with a reason, records by hand, and notes', async () => {
    const { terminal, handle } = start();
    const { type, see } = bound(terminal);
    await toStep(terminal, handle, 'isolate');
    type('n');
    await see('Note on “Isolate”');
    terminal.paste('seen\r\nby ana');
    await see('seen by ana▏');
    type(KEYS.enter);
    await see('» Noted.');
    await see('ana: seen by ana');
    type('s');
    await see('Skip “Isolate”');
    type(KEYS.enter);
    await see('✘ a reason is needed');
    type(`the bastion would go${KEYS.enter}`);
    await see('4  Block C2');
    expect(handle.sent('skip-step')).toEqual([
      { kind: 'skip-step', stepId: 'isolate', reason: 'the bastion would go' },
    ]);
    await see('↷ Isolate');
    type('m');
    await see('Done by hand: Block C2');
    type(`blocked at the router${KEYS.enter}`);
    await see('✎ Block C2');
    expect(handle.sent('do-by-hand')[0]?.record).toBe('blocked at the router');
  });

  it('shows the reasons of a finding with their places, and all that an operation would do', async () => {
    const { terminal, handle } = start();
    const { type, see } = bound(terminal);
    await see('Read what was found');
    type(`${KEYS.down}i`);
    await see('+60  talks to a mining pool: 203.0.113.9 port');
    await see('-5  has a session of its own');
    await see('/proc/812/exe');
    await see('stratum+tcp://203.0.113.9:3333');
    type(KEYS.pageDown);
    await see('Belongs with');
    type(KEYS.escape);
    await toStep(terminal, handle, 'block-c2');
    type(`${KEYS.down}${KEYS.down}${KEYS.down}i`);
    await see('What a person would type for the same effect');
    await see('Undo: Deletes these rules and no others.');
  });

  it('gives inputs with what is wrong said at the field', async () => {
    const { terminal, handle } = start();
    const { type, see } = bound(terminal);
    await see('Read what was found');
    type('e');
    await see('peers: who may still connect');
    await see('10.8.0.0/24▏');
    type(`${KEYS.ctrlU}10.8.0.999${KEYS.enter}`);
    await see('✘ ');
    type(`${KEYS.ctrlU}10.9.0.0/24, 2001:db8::/32${KEYS.enter}`);
    await see('ticket: ticket number');
    type(`INC-7${KEYS.enter}`);
    await see('Read what was found');
    expect(handle.sent('give-inputs')[0]?.values).toEqual({
      peers: ['10.9.0.0/24', '2001:db8::/32'],
      ticket: 'INC-7',
    });
  });

  it('asks for inputs that are needed before anything else', async () => {
    const playbook = script().playbook;
    const peers = playbook.inputs.peers;
    if (peers === undefined) throw new Error('no input');
    const needed = { ...playbook, inputs: { peers: { ...peers, isRequired: true, default: null } } };
    const handle = new ScriptedHandle(script({ playbook: needed }), { nowMs: OPENED_MS });
    const { terminal } = start({ handle });
    await terminal.see('peers (needed): who may still connect');
    terminal.type(KEYS.escape);
    await terminal.see('Before anything else: 1 value must be given (peers).');
    terminal.type(`${KEYS.enter}10.0.0.1/32${KEYS.enter}`);
    await terminal.see('Read what was found');
  });

  it('takes up another step out of turn, and comes back with esc', async () => {
    const { terminal, handle } = start();
    const { type, see } = bound(terminal);
    await see('Read what was found');
    type(`${KEYS.left}${KEYS.down}${KEYS.down}`);
    await see('3  Isolate');
    await see('Only looking: this is not the step in hand.');
    type(KEYS.escape);
    await see('1  Look');
    type(`${KEYS.left}${KEYS.down}${KEYS.enter}`);
    await see('⏎ does 2 operations');
    expect(handle.sent('open-step')).toEqual([{ kind: 'open-step', stepId: 'snapshot' }]);
  });

  it('declares what is under the cursor to be ours, with a reason, and takes that back', async () => {
    const { terminal, handle } = start();
    const { type, see } = bound(terminal);
    await toStep(terminal, handle, 'block-c2');
    type('d');
    await see('This is ours:');
    type('our own proxy');
    await see('our own proxy▏');
    type(KEYS.enter);
    await expect.poll(() => handle.sent('declare-ours')).toHaveLength(1);
    const [declared] = handle.sent('declare-ours');
    expect(declared).toMatchObject({ stepId: 'block-c2', reason: 'our own proxy' });
    expect([FINDINGS.pool.id, FINDINGS.c2.id]).toContain(declared?.findingId);
    await see('allow list: address');
    await see('0 of 3 chosen');
    type('d');
    await see('No longer ours:');
    type('it is not in our list');
    await see('it is not in our list▏');
    type(KEYS.enter);
    await expect
      .poll(() => handle.sent('take-back-declaration'))
      .toEqual([expect.objectContaining({ reason: 'it is not in our list' })]);
    expect(handle.view().incident.declarations).toEqual([]);
  });

  it('chooses all and none', async () => {
    const { terminal, handle } = start();
    await toStep(terminal, handle, 'block-c2');
    terminal.type('a');
    await terminal.see('2 of 3 chosen');
    terminal.type('a');
    await terminal.see('Nothing is chosen, so nothing would be done');
    expect(handle.sent('choose-findings').map((command) => command.findingIds)).toEqual([
      [FINDINGS.pool.id, FINDINGS.c2.id],
      [],
    ]);
  });
});

function bound(terminal: ReturnType<typeof start>['terminal']) {
  return {
    type: (bytes: string) => terminal.type(bytes),
    see: (wanted: string | RegExp) => terminal.see(wanted),
  };
}
