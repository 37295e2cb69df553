import type { Writable } from 'node:stream';
import type { Question } from '../engine/effect.ts';
import type { IncidentHandle } from '../engine/handle.ts';
import type { Incident, StepState } from '../engine/incident.ts';
import { progressOf } from '../engine/select.ts';
import { asSentence } from '../text/format.ts';
import type { LineInput } from './line-reader.ts';
import type { LineSettings } from './line-settings.ts';
import { askApproval } from './questions/approval.ts';
import { askConfirmation } from './questions/confirmation.ts';
import { askFailure } from './questions/failure.ts';
import { askFinished } from './questions/finished.ts';
import { askInputs } from './questions/inputs.ts';
import { askManual } from './questions/manual.ts';
import { askRecovery } from './questions/recovery.ts';
import { reportEvents } from './report.ts';
import { Talk } from './talk.ts';

export interface LineOptions {
  readonly handle: IncidentHandle;
  readonly input: LineInput;
  readonly output: Writable;
  readonly settings: LineSettings;
}

export interface LineResult {
  /** `closed`: the incident is; `left`: it can be resumed; `stopped`: the runner could not go on. */
  readonly result: 'closed' | 'left' | 'stopped' | 'interrupted';
  /** Why it was left or stopped. */
  readonly message: string;
  /** Step ids. */
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  /** Neither done nor failed nor skipped. */
  readonly notRun: readonly string[];
}

/**
 * An incident as questions and answers, one line at a time: for screen readers, dumb terminals, expect, pipes.
 * Ends when the incident is closed or the responder leaves; the end of the input and Ctrl-C leave it resumable.
 */
export async function runLine({ handle, input, output, settings }: LineOptions): Promise<LineResult> {
  const talk = new Talk(handle, input, output, settings);
  const stopReport = reportEvents(talk);
  introduce(talk);
  try {
    while (talk.leaving === null) {
      const { incident, question, stopped, isFollowing } = handle.view();
      if (incident.closedAt !== null || (stopped !== null && isFollowing !== true)) break;
      if (question === null) await waitForQuestion(talk);
      else await talk.about(question, () => ask(talk, question));
    }
    return await finish(talk);
  } finally {
    stopReport();
    talk.close();
  }
}

function ask(talk: Talk, question: Question): Promise<void> {
  switch (question.kind) {
    case 'approval':
      return askApproval(talk, question);
    case 'confirmation':
      return askConfirmation(talk, question);
    case 'failure':
      return askFailure(talk, question);
    case 'all-finished':
      return askFinished(talk, question);
    case 'inputs':
      return askInputs(talk, question);
    case 'manual':
      return askManual(talk, question);
    case 'recovery':
      return askRecovery(talk, question);
  }
}

function introduce(talk: Talk): void {
  const { incident, folder } = talk.handle.view();
  const { host, playbook } = incident;
  const { finished, total } = progressOf(incident);
  talk.say(`${playbook.title} (${playbook.name}) on ${host.hostname}, ${host.distribution}`);
  talk.say(`incident ${incident.id}, ${finished} of ${total} steps finished`);
  talk.say(`kept in ${folder}`);
  if (host.isDrill) talk.say('This is a drill: a harmless infection in a sandbox.');
  const { isFollowing, stopped } = talk.handle.view();
  if (isFollowing === true) talk.say(`Read-only: ${stopped} Ctrl-C leaves.`);
  if (!host.isRoot) talk.say('Not root: much cannot be looked at or done.');
}

async function waitForQuestion(talk: Talk): Promise<void> {
  const { disturbed, stop } = talk.whenDisturbed();
  const outcome = await Promise.race([
    talk.handle.whenIdle().then(() => 'idle'),
    disturbed.then(() => 'disturbed'),
  ]);
  stop();
  if (outcome !== 'disturbed' || talk.leaving !== null) return;
  if (talk.handle.view().isFollowing === true) talk.leaving = 'stopped reading along';
  else await askWhileRunning(talk);
}

async function askWhileRunning(talk: Talk): Promise<void> {
  const isRunning = () => talk.handle.view().question === null && talk.handle.view().stopped === null;
  await talk.while(isRunning, async () => {
    const typed = await talk.ask('Something is running. (k)eep going (c)ancel it (q)uit after it >');
    if (typed === null) return;
    if (/^(c|cancel)$/i.test(typed)) {
      const result = await talk.handle.send({ kind: 'cancel' });
      talk.say(result.ok ? 'Cancelling.' : asSentence(`It cannot be cancelled: ${result.reason}`));
    } else if (/^(q|quit)$/i.test(typed)) {
      talk.leaving = 'the responder left';
    }
  });
}

async function finish(talk: Talk): Promise<LineResult> {
  const { handle } = talk;
  const { incident, stopped } = handle.view();
  if (incident.closedAt !== null) {
    talk.say(`The incident is closed. It is kept in ${handle.view().folder}`);
    return result('closed', 'the incident is closed', incident);
  }
  if (stopped !== null && talk.leaving === null && talk.settings.signal?.aborted !== true) {
    talk.say(`Stopped: ${stopped}`);
    return result('stopped', stopped, incident);
  }
  const reason = talk.leaving ?? 'ended by a signal';
  await handle.leave(reason);
  const command = talk.settings.resumeCommand?.(incident.id) ?? `tourniquet resume ${incident.id}`;
  talk.say(`Left (${reason}). \`${command}\` goes on from here.`);
  const isInterrupted = reason === 'interrupted' || reason === 'ended by a signal';
  return result(isInterrupted ? 'interrupted' : 'left', reason, handle.view().incident);
}

function result(how: LineResult['result'], message: string, incident: Incident): LineResult {
  const ids = (test: (step: StepState) => boolean) => incident.steps.filter(test).map((step) => step.id);
  return {
    result: how,
    message,
    failed: ids((step) => step.status === 'failed'),
    skipped: ids((step) => step.status === 'skipped'),
    notRun: ids((step) => !['done', 'by-hand', 'failed', 'skipped'].includes(step.status)),
  };
}
