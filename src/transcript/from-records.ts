import type { Event, JournalRecord } from '../engine/event.ts';
import type { Incident, StepState } from '../engine/incident.ts';
import type { Finding } from '../findings/finding.ts';
import type { ScanUnknown } from '../findings/scan.ts';
import type { Decision, TakenOver, TranscriptSession } from './transcript.ts';

/** Everything that was decided on a step, in order. */
export function decisionsOf(records: readonly JournalRecord[], stepId: string): Decision[] {
  return records.flatMap(({ at, by, event }) => {
    if (!('stepId' in event) || event.stepId !== stepId) return [];
    const text = decisionText(event);
    return text === null ? [] : [{ at, by, text }];
  });
}

function decisionText(event: Event): string | null {
  switch (event.kind) {
    case 'findings-chosen':
      return `chose ${event.findingIds.length === 1 ? '1 finding' : `${event.findingIds.length} findings`}`;
    case 'plan-approved':
      return `approved the plan (${HOW[event.how]})`;
    case 'plan-withdrawn':
      return `withdrew the plan: ${event.reason}`;
    case 'operation-confirmed':
      if (event.verification.status === 'does-not-hold')
        return `saw that ${event.operationId} was not confirmed: ${event.verification.detail}`;
      return `${event.how === 'responder' ? 'confirmed' : 'had the two-sided test confirm'} ${event.operationId}: ${event.verification.status}`;
    case 'operation-recovered':
      return event.by === 'responder' ? `said of ${event.operationId}: ${event.verification.status}` : null;
    case 'failure-accepted':
      return 'left it failed and went on';
    case 'step-skipped':
      return event.by === 'responder'
        ? `skipped it: ${event.reason}`
        : `skipped by ${event.by}: ${event.reason}`;
    case 'step-done-by-hand':
      return `did it by hand: ${event.record}`;
    case 'undo-requested':
      return `had ${event.operationIds.length} operations undone`;
    case 'step-reopened':
      return `opened it again: ${event.reason}`;
    case 'step-opened':
      return 'took it in hand';
    default:
      return null;
  }
}

const HOW = {
  key: 'by key',
  word: 'by typing the word',
  line: 'in line mode',
  unattended: 'unattended',
} as const;

export interface LastLook {
  readonly findings: readonly Finding[];
  readonly unknowns: readonly ScanUnknown[];
  readonly chosen: readonly string[];
}

/** The latest look of a step, also when the step was opened again since; null if there was none. */
export function lastLookOf(records: readonly JournalRecord[], step: StepState): LastLook | null {
  let look = null as LastLook | null;
  for (const { event } of records) {
    if (event.kind === 'step-looked' && event.stepId === step.id) {
      look = { findings: event.outcome.findings, unknowns: event.outcome.unknowns, chosen: event.chosen };
    } else if (event.kind === 'findings-chosen' && event.stepId === step.id && look !== null) {
      look = { ...look, chosen: event.findingIds };
    }
  }
  return look;
}

/** What the watch of a step saw again, each thing once, as it was seen last. */
export function cameBackIn(records: readonly JournalRecord[], stepId: string): Finding[] {
  const latest = new Map<string, Finding>();
  for (const { event } of records) {
    if (event.kind !== 'watch-looked' || event.stepId !== stepId) continue;
    for (const finding of event.returned) latest.set(finding.id, finding);
  }
  return [...latest.values()];
}

/** Ids of the findings that a watch has seen since they were last dealt with. */
export function backAgain(records: readonly JournalRecord[], incident: Incident): ReadonlySet<string> {
  const operations = new Map(
    incident.steps.flatMap((step) => step.operations.map(({ operation }) => [operation.id, operation])),
  );
  const back = new Set<string>();
  for (const { event } of records) {
    if (event.kind === 'watch-looked') {
      for (const finding of event.returned) back.add(finding.id);
    } else if (event.kind === 'operation-finished' && event.outcome.status === 'done') {
      for (const id of operations.get(event.operationId)?.because ?? []) back.delete(id);
    }
  }
  return back;
}

/** Who was at work, from when until when; `until` null: still, or cut off without a word. */
export function sessionsOf(records: readonly JournalRecord[]): TranscriptSession[] {
  const sessions: TranscriptSession[] = [];
  for (const { at, event } of records) {
    const last = sessions.at(-1);
    if (event.kind === 'runner-attached') {
      sessions.push({ ...event.session, from: at, until: null, leftBecause: null });
    } else if (event.kind === 'runner-detached' && last !== undefined && last.until === null) {
      sessions.splice(-1, 1, { ...last, until: at, leftBecause: event.reason });
    }
  }
  return sessions;
}

export function takenOverIn(records: readonly JournalRecord[]): TakenOver[] {
  return records.flatMap(({ at, by, event }) =>
    event.kind === 'taken-over'
      ? [{ at, by, from: event.from.responder, reason: event.reason, wasForced: event.wasForced }]
      : [],
  );
}
