import type { Writable } from 'node:stream';
import type { Question } from '../engine/effect.ts';
import type { IncidentHandle } from '../engine/handle.ts';
import type { Incident } from '../engine/incident.ts';
import { asSentence } from '../text/format.ts';
import { answerQuestion, type Mandate } from './answer-question.ts';
import { type Ending, type HeadlessResult, headlessResult } from './headless-result.ts';
import { type HeadlessFormat, recordLine, resultLine } from './record-line.ts';

export interface HeadlessOptions extends Mandate {
  readonly handle: IncidentHandle;
  /** One line an event, the result last. If its reader goes away the run goes on: the journal has it all. */
  readonly output: Writable;
  readonly format: HeadlessFormat;
  /** Stops after the operation in hand; the incident can be resumed. */
  readonly signal?: AbortSignal;
}

/** Walks an incident to its end, or to the first thing that only a person may decide. Never asks, never rejects. */
export async function runHeadless(options: HeadlessOptions): Promise<HeadlessResult> {
  const { handle, output, format } = options;
  const ignore = () => {};
  output.on('error', ignore);
  const write = (text: string) => output.writable && output.write(`${text}\n`);
  for (const record of recordsOfThisSession(handle))
    write(recordLine(record, handle.view().incident, format));
  const unsubscribe = handle.onRecord((record) => write(recordLine(record, handle.view().incident, format)));

  const ending = await walk(options);
  if (ending.result !== 'done' && handle.view().stopped === null) await handle.leave(ending.message);
  const result = headlessResult(handle.view().incident, ending);
  unsubscribe();
  write(resultLine(result, format));
  output.off('error', ignore);
  return result;
}

/**
 * So often a step may ask again, answered and taken each time: what comes back with every watch must not keep
 * an unattended run going for ever.
 */
const MOST_REPEATS = 12;

async function walk({ handle, signal, ...mandate }: HeadlessOptions): Promise<Ending> {
  const asked = new Map<string, number>();
  const aborted = whenAborted(signal);
  while (true) {
    await Promise.race([handle.whenIdle(), aborted]);
    if (signal?.aborted) return ended('interrupted', null, 'Interrupted. The incident can be resumed.');
    const { stopped, question, incident } = handle.view();
    if (incident.closedAt !== null) return ended('done', null, closedMessage(incident));
    if (stopped !== null) return ended('stopped', incident.currentStepId, stopped);
    if (question === null)
      return ended('stopped', incident.currentStepId, 'The runner ended without a word.');

    const stepId = 'stepId' in question ? question.stepId : null;
    const repeats = (asked.get(`${question.kind} ${stepId}`) ?? 0) + 1;
    asked.set(`${question.kind} ${stepId}`, repeats);
    const answer = answerQuestion(question, incident, mandate);
    if ('ending' in answer) return answer.ending;
    if (repeats > MOST_REPEATS) return ended('failed', stepId, circleMessage(incident, stepId, repeats));
    const taken = await handle.send(answer.command);
    if (!taken.ok && isSame(handle.view().question, question)) {
      return ended('failed', stepId, asSentence(`${answer.command.kind} was refused: ${taken.reason}`));
    }
  }
}

/** Those that were written before anybody could listen: the whole of a new incident, else from this runner's start. */
function recordsOfThisSession(handle: IncidentHandle) {
  const records = handle.records();
  if (handle.view().incident.sessions <= 1) return records;
  return records.slice(records.findLastIndex((record) => record.event.kind === 'runner-attached'));
}

function whenAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

function ended(result: Ending['result'], stepId: string | null, message: string): Ending {
  return { result, stepId, message, flag: null };
}

function closedMessage({ steps }: Incident): string {
  const open = steps.filter((step) => step.status !== 'done' && step.status !== 'by-hand');
  if (open.length === 0) return 'Every step is finished, the incident is closed.';
  return `The list is through, the incident is closed; ${open.length} of ${steps.length} steps did not end well or were left out.`;
}

function circleMessage(incident: Incident, stepId: string | null, repeats: number): string {
  const title = incident.steps.find((step) => step.id === stepId)?.definition.title ?? 'The same question';
  return `${title} came up ${repeats} times: what it deals with keeps coming back. Find what starts it again, then resume the incident.`;
}

function isSame(a: Question | null, b: Question): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
