import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { killProcess } from '../../../src/host/perform/kill-process.ts';
import { waitFor } from '../../../src/host/perform/process-target.ts';
import { readProcess } from '../../../src/host/process-identity.ts';
import type { ProcessIdentity } from '../../../src/operations/identity.ts';
import type { OperationOf } from '../../../src/operations/operation.ts';
import { type Actor, makeStage, mustBeDone, receiptOf, refusalOf, type Stage, startActor } from './stage.ts';

let stage: Stage;
const actors: Actor[] = [];
beforeEach(() => {
  stage = makeStage();
});
afterEach(async () => {
  for (const actor of actors.splice(0)) await actor.end();
  stage.end();
});

async function act(
  argv: readonly string[] = ['sleep', '60'],
  isReady?: (pid: number) => boolean,
): Promise<Actor> {
  const actor = await startActor(argv, isReady);
  actors.push(actor);
  return actor;
}

function plan(process: ProcessIdentity): OperationOf<'kill-process'> {
  return { kind: 'kill-process', id: 'kill.1.0', because: [], process };
}

test('its evidence is there first, then it is gone, and the receipt alone can tell', async () => {
  const actor = await act();
  const operation = plan(actor.identity);
  const prepared = await killProcess.prepare(operation, stage.context());
  const receipt = receiptOf(prepared);
  expect(readFileSync(join(stage.evidenceFolder, `process-${actor.identity.pid}/exe`))).toEqual(
    readFileSync('/bin/sleep'),
  );
  expect(await killProcess.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  const outcome = await killProcess.perform(operation, receipt, stage.context());
  mustBeDone(outcome);
  expect(await killProcess.verify(operation, receipt)).toMatchObject({ status: 'holds' });
  expect(await killProcess.undo(operation, receipt, stage.context())).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('cannot be undone'),
  });
});

test('a process whose executable was deleted is copied and killed all the same', async () => {
  const path = stage.path('kworkerds');
  execFileSync('cp', ['/bin/sleep', path]);
  const actor = await act([path, '60']);
  rmSync(path);
  const operation = plan(actor.identity);
  const receipt = receiptOf(await killProcess.prepare(operation, stage.context()));
  expect(readFileSync(join(stage.evidenceFolder, `process-${actor.identity.pid}/exe`))).toEqual(
    readFileSync('/bin/sleep'),
  );
  mustBeDone(await killProcess.perform(operation, receipt, stage.context()));
});

test('one that ignores every signal it can, and one that is stopped already, are gone too', async () => {
  const marker = stage.path('ready');
  const deaf = await act(
    ['sh', '-c', `trap '' TERM INT HUP; : >"$0"; while :; do sleep 1; done`, marker],
    () => existsSync(marker),
  );
  const stopped = await act();
  stopped.child.kill('SIGSTOP');
  await waitFor(() => readProcess(stopped.identity.pid)?.state === 'T', 5_000);
  for (const actor of [deaf, stopped]) {
    const operation = plan(actor.identity);
    const receipt = receiptOf(await killProcess.prepare(operation, stage.context()));
    mustBeDone(await killProcess.perform(operation, receipt, stage.context()));
  }
});

test('children that it leaves behind are named', async () => {
  const parent = await act(
    ['sh', '-c', 'sleep 60 & wait'],
    (pid) => execFileSync('pgrep', ['-P', String(pid)]).length > 0,
  );
  const operation = plan(parent.identity);
  const receipt = receiptOf(await killProcess.prepare(operation, stage.context()));
  const children = receipt.children as { pid: number; name: string }[];
  const outcome = await killProcess.perform(operation, receipt, stage.context());
  expect(outcome.message).toContain(`sleep (${children[0]?.pid})`);
  for (const child of children) process.kill(child.pid, 'SIGKILL');
});

test.for([
  ['start time', { startTicks: '1' }, 'is now another one'],
  ['executable', { exeInode: '1:1' }, 'runs another program now'],
  ['boot', { bootId: 'another' }, 'has ended'],
] as const)(
  'another %s under the same number is stale, and the process lives on unharmed',
  async ([, change, words]) => {
    const actor = await act();
    const operation = plan({ ...actor.identity, ...change });
    const refusal = refusalOf(await killProcess.prepare(operation, stage.context()));
    expect(refusal).toMatchObject({ code: 'stale', message: expect.stringContaining(words) });
    // And if it became another one only after it was prepared:
    const receipt = receiptOf(await killProcess.prepare(plan(actor.identity), stage.context()));
    await killProcess.perform(operation, receipt, stage.context());
    expect(readProcess(actor.identity.pid)?.state).toBe('S');
  },
);

test('a program that has become another by execve is neither killed nor called dead', async () => {
  const marker = stage.path('go');
  const actor = await act(['sh', '-c', 'while ! [ -e "$0" ]; do sleep 0.02; done; exec sleep 60', marker]);
  const operation = plan(actor.identity);
  const receipt = receiptOf(await killProcess.prepare(operation, stage.context()));
  execFileSync('touch', [marker]);
  await waitFor(() => readProcess(actor.identity.pid)?.identity.name === 'sleep', 5_000);
  expect(await killProcess.perform(operation, receipt, stage.context())).toMatchObject({ status: 'failed' });
  expect(await killProcess.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
});

test("init, ourselves and the responder's own processes are refused", async () => {
  const actor = await act();
  const own = readProcess(process.pid)?.identity ?? actor.identity;
  const init = { ...actor.identity, pid: 1 };
  for (const identity of [own, init])
    expect(refusalOf(await killProcess.prepare(plan(identity), stage.context()))).toMatchObject({
      code: 'responder',
    });
  const context = stage.context({ protectedPids: [actor.identity.pid] });
  expect(refusalOf(await killProcess.prepare(plan(actor.identity), context))).toMatchObject({
    code: 'responder',
  });
});

test('of a process that has ended nothing is left to be done; nothing is killed when the evidence cannot be written', async () => {
  const actor = await act();
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const refusal = refusalOf(
    await killProcess.prepare(
      plan(actor.identity),
      stage.context({ onEvidence: () => Promise.reject(full) }),
    ),
  );
  expect(refusal).toMatchObject({ code: 'evidence', message: expect.stringContaining('ENOSPC') });
  const receipt = receiptOf(await killProcess.prepare(plan(actor.identity), stage.context()));
  await actor.end();
  const ended = await killProcess.prepare(plan(actor.identity), stage.context());
  expect(ended).toMatchObject({ status: 'ready', evidence: [] });
  for (const known of [receipt, receiptOf(ended)])
    expect(await killProcess.perform(plan(actor.identity), known, stage.context())).toMatchObject({
      status: 'done',
      message: expect.stringContaining('had ended by itself'),
    });
});
