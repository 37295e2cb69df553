import { assuranceSigns } from '../engine/assurance-signs.ts';
import { type ChecklistItem, checklistOf } from '../engine/checklist.ts';
import type { JournalRecord } from '../engine/event.ts';
import type { Incident, OperationState } from '../engine/incident.ts';
import { entryText } from '../findings/allow.ts';
import { weighAssurance } from '../findings/assurance.ts';
import { describeOperation } from '../operations/describe.ts';
import { executionStatus } from './cacao-status.ts';
import { excerptText } from './excerpt.ts';
import { foundItems, WORTH_NAMING } from './found-items.ts';
import { backAgain, cameBackIn, decisionsOf, lastLookOf, sessionsOf, takenOverIn } from './from-records.ts';
import { measuresOf } from './measures.ts';
import { openItems } from './open-items.ts';
import { storyOf } from './story.ts';
import type {
  Transcript,
  TranscriptCheck,
  TranscriptContext,
  TranscriptFacts,
  TranscriptOperation,
  TranscriptStep,
} from './transcript.ts';

/** The report of a journal. `incident` is the fold of `records`. Pure: same input, same report. */
export function buildTranscript(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): Transcript {
  const closing = records.findLast((record) => record.event.kind === 'incident-closed')?.event;
  const steps = incident.steps.map((step, index): TranscriptStep => {
    const look = lastLookOf(records, step);
    const approved = new Set(step.operations.map((state) => state.operation.id));
    const planned = (step.plan?.operations ?? []).filter((operation) => !approved.has(operation.id));
    return {
      number: index + 1,
      id: step.id,
      title: step.definition.title,
      why: step.definition.why,
      attack: step.definition.attack,
      status: step.status,
      executionStatus: executionStatus(step.status),
      isFailureAccepted: step.isFailureAccepted,
      summary: step.summary,
      reason: step.reason,
      startedAt: step.startedAt,
      finishedAt: step.finishedAt,
      decisions: decisionsOf(records, step.id),
      findings: look?.findings ?? [],
      chosen: look?.chosen ?? [],
      unknowns: look?.unknowns ?? [],
      remarks: step.plan?.remarks ?? [],
      checklist: checklistOf({ ...step, findings: look?.findings ?? null }).map(checkOf),
      watch: step.watch,
      cameBack: cameBackIn(records, step.id),
      operations: [
        ...step.operations.map((state) => operationOf(state, context)),
        ...planned.map((operation) => operationOf({ ...NOT_BEGUN, operation }, context)),
      ],
    };
  });
  const found = foundItems(steps, backAgain(records, incident)).filter(({ finding }) =>
    WORTH_NAMING.has(finding.verdict),
  );
  const facts: TranscriptFacts = {
    format: 1,
    redacted: context.redacted ?? [],
    incidentId: incident.id,
    openedAt: incident.openedAt,
    closedAt: incident.closedAt,
    closedBecause: incident.closedAt !== null && closing && 'reason' in closing ? closing.reason : null,
    lastAt: incident.lastAt,
    host: incident.host,
    playbook: {
      name: incident.playbook.name,
      title: incident.playbook.title,
      sha256: incident.playbookSha256,
    },
    sessions: sessionsOf(records),
    inputs: incident.inputs,
    found,
    assurance: weighAssurance(assuranceSigns(incident, endingOf(incident, records))),
    stillOpen: openItems(steps, found, incident.shells, records, context),
    steps,
    notes: incident.notes,
    shells: incident.shells.map(({ id, stepId, openedAt, recording }) => ({
      id,
      stepId,
      openedAt,
      recording,
    })),
    takenOver: takenOverIn(records),
    declaredOurs: incident.declarations.map(({ entry, by, reason }) => ({
      what: entryText(entry),
      by,
      reason,
    })),
    evidence: steps.flatMap((step) =>
      step.operations.flatMap(({ id, evidence }) => evidence.map((file) => ({ ...file, operationId: id }))),
    ),
    journal: { records: records.length, head: context.journalHead, altered: context.altered },
  };
  return { ...facts, story: storyOf(facts, measuresOf(incident, records)) };
}

/**
 * The step that weighs, where the playbook has one: its look is the latest word on what is there, unless something
 * was undone since, which is on the host again.
 */
function endingOf({ steps }: Incident, records: readonly JournalRecord[]): string | null {
  const ending = steps.find(({ definition }) => definition.uses === 'rebuild-or-release')?.id ?? null;
  const looked = records.findLastIndex(
    ({ event }) => event.kind === 'step-looked' && event.stepId === ending,
  );
  const undone = records.findLastIndex(({ event }) => event.kind === 'operation-undone');
  return undone > looked ? null : ending;
}

function checkOf({ title, word, tick }: ChecklistItem): TranscriptCheck {
  const { isDone, at, by, note } = tick ?? { isDone: false, at: null, by: null, note: '' };
  return { title, word, isDone, tickedAt: at, by, note };
}

const NOT_BEGUN = {
  status: 'planned',
  attempts: 0,
  startedAt: null,
  finishedAt: null,
  message: null,
  exitCode: null,
  verification: null,
  evidence: [],
  output: null,
} as const;

type BegunOrNot = Pick<OperationState, 'operation' | Exclude<keyof typeof NOT_BEGUN, 'status'>> & {
  readonly status: TranscriptOperation['status'];
};

function operationOf(state: BegunOrNot, context: TranscriptContext): TranscriptOperation {
  const { operation, status, attempts, startedAt, finishedAt, message, exitCode, verification } = state;
  const { title, risk, undoNote, commands } = describeOperation(operation);
  const excerpt = context.excerpts.get(operation.id);
  return {
    id: operation.id,
    kind: operation.kind,
    title,
    risk,
    undoNote,
    status,
    because: operation.because,
    commands,
    attempts,
    startedAt,
    finishedAt,
    message,
    exitCode,
    verification,
    evidence: state.evidence,
    output: state.output && { ...state.output, ...excerptText(excerpt, state.output.sizeBytes) },
  };
}
