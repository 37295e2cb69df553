import { describeRecord } from '../engine/describe-record.ts';
import type { EventKind, JournalRecord } from '../engine/event.ts';
import type { Activity } from '../engine/handle.ts';
import { describeOperation } from '../operations/describe.ts';
import type { OperationProgress } from '../operations/progress.ts';
import { formatBytes, formatDuration } from '../text/format.ts';
import type { Talk } from './talk.ts';

/** Says what happens while nothing is asked: each event as a line, and now and then that it goes on. */
export function reportEvents(talk: Talk): () => void {
  const unsubscribe = talk.handle.onRecord((record) => sayRecord(talk, record));
  const everyMs = talk.settings.stillEveryMs ?? 15_000;
  const timer = setInterval(() => sayStill(talk, everyMs), everyMs);
  return () => {
    unsubscribe();
    clearInterval(timer);
  };
}

/** Said by the question that follows, or by the answer that came before. */
const QUIET: ReadonlySet<EventKind> = new Set([
  'step-opened',
  'findings-chosen',
  'plan-made',
  'plan-approved',
  'inputs-given',
  'note-added',
  'undo-started',
  'runner-detached',
]);

function sayRecord(talk: Talk, record: JournalRecord): void {
  if (QUIET.has(record.event.kind)) return;
  const { incident } = talk.handle.view();
  const { stepId, text, isTrouble } = describeRecord(record, incident);
  const step = incident.steps.find((candidate) => candidate.id === stepId);
  const place = step === undefined ? '' : `${step.definition.title}: `;
  talk.say(text, `  ${isTrouble ? '! ' : ''}${place}`);
}

function sayStill(talk: Talk, everyMs: number): void {
  const { activity, incident } = talk.handle.view();
  const elapsedMs = activity === null ? 0 : talk.settings.nowMs() - activity.startedAtMs;
  if (activity === null || elapsedMs < everyMs) return;
  const states = incident.steps.flatMap((step) => step.operations);
  const state = states.find((candidate) => candidate.operation.id === activity.operationId);
  const what = state === undefined ? '' : ` ${describeOperation(state.operation).title}`;
  talk.say(`  still ${activity.kind}${what}, ${formatDuration(elapsedMs)}${progressText(activity)}`);
}

function progressText(activity: Activity): string {
  if (activity.progress !== null) return `, ${amounts(activity.progress)}`;
  const scan = activity.scanProgress;
  if (scan !== null) return `, ${scan.scope} ${scan.done} of ${scan.total}`;
  const last = activity.tail.at(-1);
  return last === undefined ? '' : `: ${last}`;
}

function amounts({ done, total, unit }: OperationProgress): string {
  const format = (amount: number) =>
    unit === 'bytes'
      ? formatBytes(amount)
      : unit === 'milliseconds'
        ? formatDuration(amount)
        : `${amount} ${unit}`;
  return total === null ? format(done) : `${format(done)} of ${format(total)}`;
}
