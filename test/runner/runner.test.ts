import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fold } from '../../src/engine/reduce.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { answerAll, paperIncident, playbook, step } from '../support/paper-incident.ts';

describe('a playbook walked through', () => {
  test('every operation of every step is performed once, in order, and verified', async () => {
    const paper = await paperIncident();
    const runner = await paper.open(playbook([step('one'), step('two', { with: { last: [4, 5, 6] } })]));
    await answerAll(runner);
    expect(paper.host.deeds).toEqual(
      ['one.1.1', 'one.1.2', 'one.1.3', 'two.1.1', 'two.1.2', 'two.1.3'].map((id) => `perform ${id}`),
    );
    const { incident, question } = runner.view();
    expect(question).toEqual({ kind: 'all-finished', unfinished: [] });
    expect(incident.steps.map((state) => state.status)).toEqual(['done', 'done']);
    await runner.leave('test');
  });

  test('what is on the disk folds to what is in memory', async () => {
    const paper = await paperIncident();
    const runner = await paper.open(playbook([step('one')]));
    await answerAll(runner);
    const contents = await readJournal(`${runner.view().folder}/journal.jsonl`);
    expect(contents.altered).toBeNull();
    expect(fold(contents.records)).toEqual(runner.view().incident);
    expect(contents.head).toBe(runner.view().journalHead);
    await runner.leave('test');
  });

  test('nothing is done before the plan on the screen is approved', async () => {
    const paper = await paperIncident();
    const runner = await paper.open(playbook([step('one')]));
    await runner.whenIdle();
    expect(runner.view().question?.kind).toBe('approval');
    const answer = await runner.send({
      kind: 'approve-plan',
      stepId: 'one',
      planHash: 'another',
      how: 'key',
    });
    expect(answer).toEqual({ ok: false, reason: 'the plan has changed since it was shown' });
    expect(paper.host.deeds).toEqual([]);
    await runner.leave('test');
  });

  test('a host that has moved on makes the step be planned again, with a new approval', async () => {
    const paper = await paperIncident();
    paper.host.refuse = (operation) => (operation.id === 'one.1.2' ? 'the process is another one now' : null);
    const runner = await paper.open(playbook([step('one')]));
    await answerAll(runner, (r) => r.view().incident.steps[0]?.plansMade === 2);
    expect(runner.view().question?.kind).toBe('approval');
    expect(paper.host.deeds).toEqual(['perform one.1.1']);
    await runner.leave('test');
  });

  test('a host that never stands still ends in a failure, not in a circle', async () => {
    const paper = await paperIncident();
    paper.host.refuse = () => 'it moved';
    const runner = await paper.open(playbook([step('one')]));
    await answerAll(runner);
    expect(runner.view().question).toMatchObject({ kind: 'failure', stepId: 'one' });
    await runner.leave('test');
  });

  test('a look that is cut short by leaving is no failure: it is looked again by whoever comes back', async () => {
    const paper = await paperIncident();
    const { scan } = paper.host;
    const begun = Promise.withResolvers<void>();
    paper.host.scan = async (request, context) => {
      begun.resolve();
      if (context.signal?.aborted === false)
        await new Promise((resolve) => context.signal?.addEventListener('abort', resolve, { once: true }));
      return scan(request, context);
    };
    const runner = await paper.open(playbook([step('one')]));
    await begun.promise;
    await runner.leave('SIGHUP');
    paper.host.scan = scan;
    const again = await paper.resume(runner.view().folder);
    await answerAll(again);
    expect(again.records().filter(({ event }) => event.kind === 'step-failed')).toEqual([]);
    expect(again.view().question).toEqual({ kind: 'all-finished', unfinished: [] });
    await again.leave('test');
  });

  test('who leaves while it is being left waits until it is let go of', async () => {
    const paper = await paperIncident();
    const runner = await paper.open(playbook([step('one')]));
    paper.host.close = () => new Promise((resolve) => setTimeout(resolve, 30));
    void runner.leave('ended by SIGHUP');
    await runner.leave('left');
    expect(existsSync(join(runner.view().folder, 'lock'))).toBe(false);
  });

  test('a failed operation stops the step; it can be left, and the next goes on', async () => {
    const paper = await paperIncident();
    paper.host.fail = (operation) => (operation.id === 'one.1.2' ? 'no such table' : null);
    const runner = await paper.open(playbook([step('one'), step('two')]));
    await answerAll(runner);
    expect(runner.view().question).toEqual({ kind: 'failure', stepId: 'one', reason: 'no such table' });
    await runner.send({ kind: 'accept-failure', stepId: 'one' });
    await answerAll(runner);
    expect(runner.view().question).toEqual({ kind: 'all-finished', unfinished: ['one'] });
    await runner.leave('test');
  });

  test('what is done but does not hold is a failure', async () => {
    const paper = await paperIncident();
    paper.host.verdict = () => 'does-not-hold';
    const runner = await paper.open(playbook([step('one')]));
    await answerAll(runner);
    expect(runner.view().question).toMatchObject({ kind: 'failure', reason: 'on paper: does-not-hold' });
    await runner.leave('test');
  });

  test('retries are tried, and no more than said', async () => {
    const paper = await paperIncident();
    let tries = 0;
    paper.host.fail = (operation) => (operation.id === 'one.1.1' && ++tries < 3 ? 'not yet' : null);
    const runner = await paper.open(playbook([step('one', { retries: 2 })]));
    await answerAll(runner);
    expect(runner.view().question?.kind).toBe('all-finished');
    expect(tries).toBe(3);
    await runner.leave('test');
  });

  test('undo takes back the newest first, and the step can be run again', async () => {
    const paper = await paperIncident();
    const runner = await paper.open(playbook([step('one')]));
    await answerAll(runner);
    await runner.send({ kind: 'undo-step', stepId: 'one' });
    await runner.whenIdle();
    expect(paper.host.deeds.slice(3)).toEqual(['undo one.1.3', 'undo one.1.2', 'undo one.1.1']);
    expect(runner.view().incident.steps[0]?.status).toBe('undone');
    await runner.send({ kind: 'open-step', stepId: 'one' });
    await answerAll(runner);
    expect([...paper.host.inForce]).toEqual(['one.2.1', 'one.2.2', 'one.2.3']);
    await runner.leave('test');
  });

  test('isolation that is not confirmed in time is known to be gone', async () => {
    const paper = await paperIncident();
    paper.host.confirmWithinMs = 1;
    const runner = await paper.open(playbook([step('one', { uses: 'isolate-once' })]));
    await answerAll(runner, (r) => r.view().question?.kind === 'confirmation');
    expect(runner.view().question?.kind).toBe('confirmation');
    paper.host.inForce.clear();
    await expect.poll(() => runner.view().question?.kind, { timeout: 10_000 }).toBe('failure');
    expect(runner.view().incident.steps[0]?.reason).toContain('taken itself back');
    await runner.leave('test');
  });

  test('a condition that does not hold skips its step, and says which', async () => {
    const paper = await paperIncident();
    const runner = await paper.open(
      playbook([step('one', { if: 'host.isDrill' }), step('two', { if: 'steps.one.status == "skipped"' })]),
    );
    await answerAll(runner);
    expect(runner.view().incident.steps.map((state) => state.status)).toEqual(['skipped', 'done']);
    expect(runner.view().incident.steps[0]?.reason).toContain('host.isDrill');
    await runner.leave('test');
  });

  test('a step whose needs were undone is not run, and is named as open', async () => {
    const paper = await paperIncident();
    const runner = await paper.open(playbook([step('one'), step('two', { needs: ['one'] })]));
    await answerAll(
      runner,
      (r) => r.view().question?.kind === 'approval' && r.view().incident.currentStepId === 'two',
    );
    await runner.send({ kind: 'undo-step', stepId: 'one' });
    await runner.whenIdle();
    expect(runner.view().question).toEqual({ kind: 'all-finished', unfinished: ['one', 'two'] });
    await runner.leave('test');
  });

  test('what comes back right after a step that ends processes opens that step again, and not for ever', async () => {
    const paper = await paperIncident();
    let born = 0;
    const scan = paper.host.scan;
    // After each time the step has acted, there is another process, under another name.
    paper.host.scan = async (...given) => {
      born = paper.host.deeds.length;
      const outcome = await scan(...given);
      return born === 0 ? outcome : { ...outcome, findings: [...outcome.findings, bornAgain(born)] };
    };
    const runner = await paper.open(playbook([step('one', { uses: 'block-and-settle' })]));
    await answerAll(runner);
    const { records } = await readJournal(`${runner.view().folder}/journal.jsonl`);
    const reasons = records.flatMap(({ event }) => (event.kind === 'step-reopened' ? [event.reason] : []));
    expect(reasons).toEqual(['came back at once: m3', 'came back at once: m4']);
    expect(runner.view().incident.steps[0]).toMatchObject({ status: 'done', plansMade: 3 });
    expect(runner.view().incident.steps[0]?.summary).toContain('1 came back');
    await runner.leave('test');
  });

  test('what comes back while watching opens the step that dealt with it', async () => {
    const paper = await paperIncident();
    const runner = await paper.open(
      playbook([step('one', { with: { last: [1, 2, 3, 4, 5, 6] } }), step('two', { uses: 'watch-shortly' })]),
    );
    await answerAll(runner, (r) => r.view().incident.currentStepId === 'two');
    paper.host.findings = [
      {
        id: 'account:1',
        subject: { kind: 'account', account: 'mallory', uid: 0, shell: '/bin/sh', hasPassword: true },
        title: 'mallory',
        verdict: 'malicious',
        score: 100,
        reasons: [],
        places: [],
        attack: [],
        times: null,
        owner: null,
        related: [],
      },
    ];
    await runner.send({ kind: 'approve-plan', stepId: 'two', planHash: questionHash(runner), how: 'key' });
    await runner.whenIdle();
    expect(runner.view().incident.steps[0]).toMatchObject({
      status: 'reopened',
      reason: 'came back: mallory',
    });
    expect(runner.view().question).toMatchObject({ kind: 'approval', stepId: 'one' });
    paper.host.findings = [];
    await answerAll(runner);
    expect(runner.view().incident.steps.map((state) => state.status)).toEqual(['done', 'done']);
    await runner.leave('test');
  });
});

function questionHash(runner: { view(): { question: { kind: string } | null } }): string {
  const { question } = runner.view();
  return question && 'planHash' in question ? String(question.planHash) : '';
}

/** A process that was not there before, by its number. */
function bornAgain(number: number): Finding {
  const process = {
    pid: number,
    startTicks: String(number),
    bootId: 'paper',
    exeInode: null,
    exePath: null,
    name: `m${number}`,
  };
  return {
    id: `process:${number}`,
    subject: {
      ...{ kind: 'process', process, parentPid: 1, uid: 0, commandLine: [], workingFolder: null },
      ...{ cgroup: null, cpuPercent: null, sessionId: number },
    },
    title: `m${number}`,
    verdict: 'malicious',
    score: 100,
    reasons: [],
    places: [],
    attack: [],
    times: null,
    owner: null,
    related: [],
  };
}
