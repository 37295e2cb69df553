import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endSession } from '../../../src/host/perform/end-session.ts';
import { waitFor } from '../../../src/host/perform/process-target.ts';
import { hasEnded, readProcess } from '../../../src/host/process-identity.ts';
import type { OperationOf } from '../../../src/operations/operation.ts';
import { type Actor, makeStage, mustBeDone, receiptOf, refusalOf, type Stage, startActor } from './stage.ts';

let stage: Stage;
const actors: Actor[] = [];
beforeEach(() => {
  stage = makeStage();
});
afterEach(async () => {
  for (const actor of actors.splice(0)) {
    for (const pid of sessionOf(actor.identity.pid)) process.kill(pid, 'SIGKILL');
    await actor.end();
  }
  stage.end();
});

function sessionOf(leader: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && readProcess(pid)?.sessionId === leader && !hasEnded(readProcess(pid)));
}

/** A login of somebody who does not want to go: it ignores being hung up, has a job, and one in a session of its own. */
const STUBBORN = `trap '' HUP TERM INT; sleep 601 & setsid sh -c 'trap "" HUP TERM; sleep 602; :' & sleep 603; :`;

async function logIn(text: string, children: number): Promise<Actor> {
  const actor = await startActor(['setsid', '/bin/sh', '-c', text]);
  actors.push(actor);
  await waitFor(() => sessionOf(actor.identity.pid).length >= children, 10_000);
  return { ...actor, identity: readProcess(actor.identity.pid)?.identity ?? actor.identity };
}

const plan = (actor: Actor): OperationOf<'end-session'> => ({
  ...{ kind: 'end-session', id: 'reset.1.1', because: [], account: 'bob', leader: actor.identity },
});

test('all of a login ends, also what ignores being asked and what has left the session; others go on', async () => {
  const actor = await logIn(STUBBORN, 3);
  const other = await logIn('sleep 604; :', 2);
  const operation = plan(actor);
  const prepared = await endSession.prepare(operation, stage.context());
  const receipt = receiptOf(prepared);
  // Each of them is in the evidence before anything is done.
  expect(
    prepared.status === 'ready' && prepared.evidence.filter(({ name }) => name.endsWith('/exe')).length,
  ).toBe((receipt.members as unknown[]).length);
  expect((receipt.members as unknown[]).length).toBe(5);
  expect(await endSession.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  mustBeDone(await endSession.perform(operation, receipt, stage.context()));
  expect(sessionOf(actor.identity.pid)).toEqual([]);
  expect(await endSession.verify(operation, receipt)).toMatchObject({ status: 'holds' });
  expect(sessionOf(other.identity.pid).length).toBe(2);
  expect(await endSession.undo(operation, receipt, stage.context())).toMatchObject({ status: 'failed' });
});

test('what joined since it was prepared ends as well', async () => {
  const actor = await logIn(
    `sleep 601 & while [ ! -e ${stage.path('go')} ]; do sleep 0.05; done; sleep 605 & sleep 606; :`,
    2,
  );
  const operation = plan(actor);
  const receipt = receiptOf(await endSession.prepare(operation, stage.context()));
  const { writeFileSync } = await import('node:fs');
  writeFileSync(stage.path('go'), '');
  await waitFor(() => sessionOf(actor.identity.pid).length >= 4, 10_000);
  mustBeDone(await endSession.perform(operation, receipt, stage.context()));
  expect(sessionOf(actor.identity.pid)).toEqual([]);
});

test("the responder's own session is refused, by any process of it", async () => {
  const actor = await logIn('sleep 601 & sleep 602; :', 3);
  const protectedPids = sessionOf(actor.identity.pid).slice(-1);
  const refusal = refusalOf(await endSession.prepare(plan(actor), stage.context({ protectedPids })));
  expect(refusal).toMatchObject({ code: 'responder' });
  const receipt = receiptOf(await endSession.prepare(plan(actor), stage.context()));
  expect(await endSession.perform(plan(actor), receipt, stage.context({ protectedPids }))).toMatchObject({
    status: 'failed',
  });
  expect(sessionOf(actor.identity.pid).length).toBe(3);
});
