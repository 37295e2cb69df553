import { currentStep } from './current-step.ts';
import type { Event, IncidentOpened, JournalRecord } from './event.ts';
import type { Incident, OperationState, StepState } from './incident.ts';
import { isFinished } from './order.ts';
import { applyKnowledge } from './reduce-knowledge.ts';
import { noted, notesFrom } from './reduce-notes.ts';
import { applyToOperation } from './reduce-operation.ts';
import { lostShell, withShell } from './reduce-shell.ts';
import { applyToStep } from './reduce-step.ts';
import { lookAgain, NEW_STEP, withoutPending, withoutPlan } from './step-state.ts';

/**
 * The incident after one more record; the only way it changes. Pure and total: an event that cannot apply
 * (a step that is not in the playbook) leaves the incident as it was, apart from its number and time.
 * @throws Error if the first record is not `incident-opened`: such a journal is none.
 */
export function reduce(incident: Incident | null, record: JournalRecord): Incident {
  if (incident === null) {
    if (record.event.kind !== 'incident-opened') throw new Error('a journal begins with incident-opened');
    return opened(record.event, record);
  }
  const changed = apply(incident, record.event, record);
  const numbered = { ...changed, seq: record.seq, lastAt: record.at };
  return { ...numbered, currentStepId: currentStep(numbered) };
}

/** All records of a journal, in order. */
export function fold(records: readonly JournalRecord[]): Incident {
  let incident: Incident | null = null;
  for (let at = 0; at < records.length; ) {
    // Many notes at once: one after the other, each would copy all before it.
    const notes: JournalRecord[] = incident === null ? [] : notesFrom(records, at);
    incident =
      incident !== null && notes.length > 1
        ? noted(incident, notes)
        : reduce(incident, records[at] as JournalRecord);
    at += Math.max(1, notes.length);
  }
  if (incident === null) throw new Error('an empty journal holds no incident');
  return incident;
}

function opened(event: IncidentOpened, record: JournalRecord): Incident {
  const steps = event.playbook.steps.map((definition): StepState => {
    return { ...NEW_STEP, id: definition.id, definition };
  });
  return {
    id: event.incidentId,
    playbook: event.playbook,
    playbookSha256: event.playbookSha256,
    host: event.host,
    openedAt: record.at,
    closedAt: null,
    session: null,
    sessions: 0,
    inputs: {},
    secretsGiven: [],
    steps,
    currentStepId: steps[0]?.id ?? null,
    undo: null,
    notes: [],
    knowledge: { indicators: [], rules: [] },
    declarations: [],
    shells: [],
    seq: record.seq,
    lastAt: record.at,
  };
}

function apply(incident: Incident, event: Event, record: JournalRecord): Incident {
  switch (event.kind) {
    case 'runner-attached':
      return cutOff({
        ...incident,
        session: event.session,
        sessions: incident.sessions + 1,
        secretsGiven: [],
        shells: incident.shells.map(lostShell),
      });
    case 'runner-detached':
      return { ...incident, session: null };
    case 'inputs-given':
      return {
        ...incident,
        inputs: { ...incident.inputs, ...event.values },
        secretsGiven: [...new Set([...incident.secretsGiven, ...event.secretNames])],
        // A plan made from other values is no plan any more; what was found still stands.
        steps: incident.steps.map((step) => (isOpen(step) ? withoutPlan(step) : step)),
      };
    case 'knowledge-given':
    case 'declared-ours':
    case 'declaration-taken-back':
      return applyKnowledge(incident, event, record.by);
    case 'note-added':
      return noted(incident, [record]);
    case 'shell-opened':
    case 'shell-closed':
      return { ...incident, shells: withShell(incident.shells, event, record.at) };
    case 'undo-requested':
      return { ...incident, undo: { stepId: event.stepId, pending: event.operationIds } };
    case 'operation-undone': {
      const pending = incident.undo?.pending.filter((id) => id !== event.operationId) ?? [];
      const status = event.outcome.status === 'done' ? 'undone' : 'undo-failed';
      return onOperation(
        { ...incident, undo: incident.undo && { ...incident.undo, pending } },
        event,
        (operation) => ({
          ...operation,
          status,
          message: event.outcome.message,
          confirmBefore: null,
        }),
      );
    }
    case 'step-undone':
      return onStep({ ...incident, undo: null }, event.stepId, (step) => ({
        ...step,
        status: 'undone',
        plan: null,
        isApproved: false,
        isFailureAccepted: false,
        operations: withoutPending(step.operations),
        finishedAt: record.at,
      }));
    case 'step-opened':
      return {
        ...onStep(incident, event.stepId, (step) =>
          isFinished(step) || step.status === 'failed'
            ? lookAgain(step, wasSettled(step) ? 'reopened' : 'todo')
            : step,
        ),
        currentStepId: event.stepId,
      };
    case 'step-failed': {
      // An undo that could not be finished ends as a failure of its step.
      const undo = incident.undo?.stepId === event.stepId ? null : incident.undo;
      return onStep({ ...incident, undo }, event.stepId, (step) => applyToStep(step, event, record));
    }
    case 'incident-closed':
      return { ...incident, closedAt: record.at };
    case 'incident-reopened':
      return { ...incident, closedAt: null };
    case 'incident-opened':
    case 'journal-recovered':
    case 'taken-over':
      return incident;
    default:
      return 'operationId' in event
        ? onOperation(incident, event, (operation, step) =>
            applyToOperation(operation, step, event, record.at),
          )
        : onStep(incident, event.stepId, (step) => applyToStep(step, event, record));
  }
}

/** A new runner found operations that were started and never ended: nobody knows yet what became of them. */
function cutOff(incident: Incident): Incident {
  return {
    ...incident,
    steps: incident.steps.map((step) => {
      const isCut = (operation: OperationState) =>
        operation.status === 'running' || operation.status === 'attached';
      if (!step.operations.some(isCut)) return step;
      return {
        ...step,
        status: 'unknown',
        operations: step.operations.map((operation) =>
          isCut(operation) ? { ...operation, status: 'unknown', verification: null } : operation,
        ),
      };
    }),
  };
}

function onStep(incident: Incident, stepId: string, change: (step: StepState) => StepState): Incident {
  return { ...incident, steps: incident.steps.map((step) => (step.id === stepId ? change(step) : step)) };
}

function onOperation(
  incident: Incident,
  at: { readonly stepId: string; readonly operationId: string },
  change: (operation: OperationState, step: StepState) => OperationState,
): Incident {
  return onStep(incident, at.stepId, (step) => {
    const operations = step.operations.map((state) =>
      state.operation.id === at.operationId ? change(state, step) : state,
    );
    const isUnsettled = operations.some((state) => state.status === 'unknown');
    const status = step.status === 'unknown' && !isUnsettled ? 'running' : step.status;
    return { ...step, operations, status };
  });
}

function isOpen(step: StepState): boolean {
  return step.status === 'todo' || step.status === 'reopened';
}

function wasSettled(step: StepState): boolean {
  return step.status === 'done' || step.status === 'by-hand';
}
