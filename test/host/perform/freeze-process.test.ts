import { afterEach, beforeEach, expect, test } from 'vitest';
import { freezeProcess } from '../../../src/host/perform/freeze-process.ts';
import { waitFor } from '../../../src/host/perform/process-target.ts';
import { readProcess } from '../../../src/host/process-identity.ts';
import type { ProcessIdentity } from '../../../src/operations/identity.ts';
import type { OperationOf } from '../../../src/operations/operation.ts';
import { type Actor, makeStage, mustBeDone, receiptOf, refusalOf, type Stage, startActor } from './stage.ts';

let stage: Stage;
let actor: Actor;
beforeEach(async () => {
  stage = makeStage();
  actor = await startActor(['sleep', '60']);
});
afterEach(async () => {
  await actor.end();
  stage.end();
});

function plan(process: ProcessIdentity): OperationOf<'freeze-process'> {
  return { kind: 'freeze-process', id: 'freeze.1.0', because: [], process };
}
const stateNow = () => readProcess(actor.identity.pid)?.state;

test('it stands still, and goes on after undo', async () => {
  const operation = plan(actor.identity);
  const receipt = receiptOf(await freezeProcess.prepare(operation, stage.context()));
  expect(await freezeProcess.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  const finished = mustBeDone(await freezeProcess.perform(operation, receipt, stage.context()));
  expect(stateNow()).toBe('T');
  for (const known of [receipt, finished])
    expect(await freezeProcess.verify(operation, known)).toMatchObject({ status: 'holds' });
  mustBeDone(await freezeProcess.undo(operation, receipt, stage.context()));
  await waitFor(() => stateNow() !== 'T', 5_000);
  expect(await freezeProcess.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
});

test('one that was stopped before stays so after undo', async () => {
  actor.child.kill('SIGSTOP');
  await waitFor(() => stateNow() === 'T', 5_000);
  const operation = plan(actor.identity);
  const receipt = receiptOf(await freezeProcess.prepare(operation, stage.context()));
  mustBeDone(await freezeProcess.perform(operation, receipt, stage.context()));
  mustBeDone(await freezeProcess.undo(operation, receipt, stage.context()));
  expect(stateNow()).toBe('T');
});

test('another one under its number is not touched, an ended one is stale, the responder is spared', async () => {
  const other = plan({ ...actor.identity, startTicks: '1' });
  expect(refusalOf(await freezeProcess.prepare(other, stage.context()))).toMatchObject({ code: 'stale' });
  const receipt = receiptOf(await freezeProcess.prepare(plan(actor.identity), stage.context()));
  expect(await freezeProcess.perform(other, receipt, stage.context())).toMatchObject({ status: 'failed' });
  expect(stateNow()).not.toBe('T');
  const context = stage.context({ protectedPids: [actor.identity.pid] });
  expect(refusalOf(await freezeProcess.prepare(plan(actor.identity), context))).toMatchObject({
    code: 'responder',
  });
  await actor.end();
  expect(refusalOf(await freezeProcess.prepare(plan(actor.identity), stage.context()))).toMatchObject({
    code: 'stale',
  });
  expect(await freezeProcess.verify(plan(actor.identity), receipt)).toMatchObject({
    status: 'does-not-hold',
  });
  expect(await freezeProcess.undo(plan(actor.identity), receipt, stage.context())).toMatchObject({
    status: 'failed',
  });
});

test('of a group those that ended meanwhile, or became another program, do not let the others go on', async () => {
  const second = await startActor(['sleep', '60']);
  const third = await startActor(['sleep', '60']);
  const gone = third.identity;
  await third.end();
  const became = { ...second.identity, exeInode: '1:1' };
  const operation = { ...plan(actor.identity), others: [gone, became] };
  const receipt = receiptOf(await freezeProcess.prepare(operation, stage.context()));
  expect(receipt).toMatchObject({ endedBefore: [gone.pid] });
  mustBeDone(await freezeProcess.perform(operation, receipt, stage.context()));
  expect([stateNow(), readProcess(became.pid)?.state]).toEqual(['T', 'T']);
  expect(await freezeProcess.verify(operation, receipt)).toMatchObject({ status: 'holds' });
  mustBeDone(await freezeProcess.undo(operation, receipt, stage.context()));
  await waitFor(() => readProcess(became.pid)?.state !== 'T', 5_000);
  expect(readProcess(became.pid)?.state).not.toBe('T');
  // Where none of it is as it was planned, there is nothing to go by.
  const allOther = { ...plan(became), others: [gone] };
  expect(refusalOf(await freezeProcess.prepare(allOther, stage.context()))).toMatchObject({ code: 'stale' });
  await second.end();
});
