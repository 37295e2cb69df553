import type { JournalRecord } from '../engine/event.ts';
import { formatBytes } from '../text/format.ts';
import type {
  FoundItem,
  OpenItem,
  TranscriptContext,
  TranscriptOperation,
  TranscriptShell,
  TranscriptStep,
} from './transcript.ts';

/** Worst to know first: the record itself, steps, operations, findings, what was not seen. Empty: nothing is open. */
export function openItems(
  steps: readonly TranscriptStep[],
  found: readonly FoundItem[],
  shells: readonly TranscriptShell[],
  records: readonly JournalRecord[],
  { altered }: TranscriptContext,
): OpenItem[] {
  return [
    ...journalItems(records, altered),
    ...steps.flatMap((step) => stepItem(step, found)),
    ...steps.flatMap((step) => operationItems(step)),
    ...shells.flatMap(shellItem),
    ...steps.flatMap(checklistItems),
    ...isolationItems(steps),
    ...found.flatMap(foundItem),
    ...unknownItems(steps),
  ];
}

function journalItems(records: readonly JournalRecord[], altered: TranscriptContext['altered']): OpenItem[] {
  const items: OpenItem[] = [];
  if (altered !== null) {
    const text = `the journal was altered: record ${altered.seq} does not fit (${altered.reason}); what follows it is not in this transcript`;
    items.push({ kind: 'journal', stepId: null, text });
  }
  for (const { event } of records) {
    if (event.kind !== 'journal-recovered') continue;
    const text = `${formatBytes(event.droppedBytes)} at the end of the journal had been cut off and were dropped: ${event.detail}`;
    items.push({ kind: 'journal', stepId: null, text });
  }
  return items;
}

function stepItem(step: TranscriptStep, found: readonly FoundItem[]): OpenItem[] {
  const words = STEP_WORDS[step.status];
  const watch = step.watch;
  if (watch !== null && watch.returned > 0 && !isSettled(step, found)) {
    return [
      {
        kind: 'step',
        stepId: step.id,
        text: `${step.title}: ${watch.returned} came back while it was watched`,
      },
    ];
  }
  if (words === undefined) return [];
  const reason = step.reason === null ? '' : `: ${step.reason}`;
  return [{ kind: 'step', stepId: step.id, text: `${step.title} ${words}${reason}` }];
}

/** It was watched to the end, and all that came back was dealt with since. */
function isSettled({ status, watch }: TranscriptStep, found: readonly FoundItem[]): boolean {
  return status === 'done' && watch?.isFinished === true && !found.some(({ hasComeBack }) => hasComeBack);
}

const STEP_WORDS: Partial<Record<TranscriptStep['status'], string>> = {
  todo: 'was not run',
  running: 'is under way',
  failed: 'failed',
  skipped: 'was skipped',
  unknown: 'was cut off, what became of it is not known',
  undone: 'was undone',
  reopened: 'was opened again and is not finished',
};

function checklistItems({ id, checklist }: TranscriptStep): OpenItem[] {
  return checklist
    .filter(({ isDone }) => !isDone)
    .map(({ title, word }) => ({ kind: 'checklist', stepId: id, text: `not ${word}: ${title}` }));
}

function operationItems(step: TranscriptStep): OpenItem[] {
  return step.operations.flatMap((one, index): OpenItem[] => {
    const words = operationWords(one);
    const later = step.operations.slice(index + 1);
    // Planned again and done then: nothing is open.
    if (words === null || later.some((other) => other.title === one.title && other.status === 'done'))
      return [];
    const isSaid = one.status !== 'done' && one.message !== null && one.message !== '';
    const message = isSaid ? `: ${one.message}` : '';
    return [{ kind: 'operation', stepId: step.id, text: `${one.title} ${words}${message}` }];
  });
}

function operationWords(one: TranscriptOperation): string | null {
  switch (one.status) {
    case 'to-do':
    case 'planned':
      return 'was planned and not begun';
    case 'running':
    case 'attached':
      return 'was begun and has no end';
    case 'failed':
      return 'failed';
    case 'refused':
      return 'was refused';
    case 'unknown':
      return 'was cut off, and it is not known whether it happened';
    case 'not-done':
      return 'was cut off before it happened';
    case 'undoing':
      return 'is being undone';
    case 'undo-failed':
      return 'could not be undone';
    case 'done':
      if (one.verification?.status === 'holds') return null;
      return one.verification === null
        ? 'was done and not checked'
        : `was done, but whether it holds: ${one.verification.status} (${one.verification.detail})`;
    case 'undone':
      return null;
  }
}

function isolationItems(steps: readonly TranscriptStep[]): OpenItem[] {
  const done = steps.flatMap((step) =>
    step.operations.filter((one) => one.status === 'done').map((one) => ({ step, one })),
  );
  const last = done.findLast(({ one }) => one.kind === 'isolate-host' || one.kind === 'lift-isolation');
  if (last === undefined || last.one.kind !== 'isolate-host') return [];
  return [{ kind: 'isolation', stepId: last.step.id, text: 'the host is isolated still' }];
}

function shellItem({ id, stepId, recording }: TranscriptShell): OpenItem[] {
  if (recording !== null) return [];
  return [
    { kind: 'operation', stepId, text: `${id} on the host was cut off: what was typed in it is not known` },
  ];
}

function foundItem({ finding, dealtWithBy, undone, hasComeBack }: FoundItem): OpenItem[] {
  if (dealtWithBy.length > 0 && !hasComeBack) return [];
  const what =
    dealtWithBy.length > 0
      ? 'was dealt with and came back'
      : undone.length > 0
        ? 'was dealt with, which was undone again'
        : 'was not dealt with';
  const text = `${finding.title} (${finding.verdict}, ${finding.score}) ${what}`;
  return [{ kind: 'finding', stepId: null, text }];
}

function unknownItems(steps: readonly TranscriptStep[]): OpenItem[] {
  const texts = new Map<string, OpenItem>();
  for (const step of steps) {
    for (const { scope, what, reason } of step.unknowns) {
      const text = `could not be looked at: ${scope}, ${what}: ${reason}`;
      // How far a look came differs from one to the next: the latest stands.
      texts.set(`${scope}\0${what}`, { kind: 'unknown', stepId: step.id, text });
    }
  }
  return [...texts.values()];
}
