import type { Event, IncidentOpened, JournalRecord } from './event.ts';
import type { Incident, OperationState, StepState } from './incident.ts';
import { isFinished, needsAreMet } from './order.ts';

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
  const incident = records.reduce<Incident | null>(reduce, null);
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
    seq: record.seq,
    lastAt: record.at,
  };
}

const NEW_STEP: Omit<StepState, 'id' | 'definition'> = {
  status: 'todo',
  findings: null,
  unknowns: [],
  chosen: [],
  plan: null,
  plansMade: 0,
  isApproved: false,
  operations: [],
  summary: null,
  reason: null,
  isFailureAccepted: false,
  watch: null,
  startedAt: null,
  finishedAt: null,
};

function apply(incident: Incident, event: Event, record: JournalRecord): Incident {
  switch (event.kind) {
    case 'runner-attached':
      return cutOff({
        ...incident,
        session: event.session,
        sessions: incident.sessions + 1,
        secretsGiven: [],
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
    case 'note-added':
      return {
        ...incident,
        notes: [...incident.notes, { stepId: event.stepId, text: event.text, at: record.at, by: record.by }],
      };
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
      return onStep({ ...incident, undo }, event.stepId, (step) => applyToStep(step, event, record.at));
    }
    case 'incident-closed':
      return { ...incident, closedAt: record.at };
    case 'incident-reopened':
      return { ...incident, closedAt: null };
    case 'incident-opened':
    case 'journal-recovered':
      return incident;
    default:
      return 'operationId' in event
        ? onOperation(incident, event, (operation, step) =>
            applyToOperation(operation, step, event, record.at),
          )
        : onStep(incident, event.stepId, (step) => applyToStep(step, event, record.at));
  }
}

type OperationEvent = Exclude<Extract<Event, { operationId: string }>, { kind: 'operation-undone' }>;
type StepEvent = Exclude<
  Extract<Event, { stepId: string }>,
  { operationId: string } | { kind: 'note-added' | 'undo-requested' | 'step-undone' | 'step-opened' }
>;

function applyToStep(step: StepState, event: StepEvent, at: string): StepState {
  switch (event.kind) {
    case 'step-looked':
      return {
        ...withoutPlan(step),
        findings: event.outcome.findings,
        unknowns: event.outcome.unknowns,
        chosen: event.chosen,
        startedAt: step.startedAt ?? at,
      };
    case 'findings-chosen':
      return { ...withoutPlan(step), chosen: event.findingIds };
    case 'plan-made':
      return { ...step, plan: event.plan, plansMade: event.plan.number, isApproved: false };
    case 'plan-withdrawn':
      return { ...lookAgain(step, 'todo'), reason: event.reason, plansMade: step.plansMade };
    case 'plan-approved':
      return {
        ...step,
        status: 'running',
        isApproved: true,
        reason: null,
        operations: [...withoutPending(step.operations), ...(step.plan?.operations ?? []).map(toDo)],
        watch: step.plan?.watch ? { startedAt: at, looks: 0, returned: 0, isFinished: false } : null,
      };
    case 'watch-looked':
      return step.watch === null
        ? step
        : {
            ...step,
            watch: {
              ...step.watch,
              looks: step.watch.looks + 1,
              returned: step.watch.returned + event.returned.length,
            },
          };
    case 'watch-finished':
      return step.watch === null
        ? step
        : { ...step, watch: { ...step.watch, looks: event.looks, isFinished: true } };
    case 'step-finished':
      return { ...step, status: 'done', summary: event.summary, reason: null, finishedAt: at };
    case 'step-failed':
      return { ...step, status: 'failed', reason: event.reason, finishedAt: at };
    case 'failure-accepted':
      return { ...step, isFailureAccepted: true, operations: withoutPending(step.operations) };
    case 'step-skipped':
      return { ...step, status: 'skipped', reason: event.reason, isApproved: false, finishedAt: at };
    case 'step-done-by-hand':
      return { ...step, status: 'by-hand', reason: event.record, isApproved: false, finishedAt: at };
    case 'step-reopened':
      return { ...lookAgain(step, 'reopened'), reason: event.reason };
  }
}

function applyToOperation(
  state: OperationState,
  step: StepState,
  event: OperationEvent,
  at: string,
): OperationState {
  switch (event.kind) {
    case 'operation-refused':
      return {
        ...state,
        status: 'refused',
        message: event.refusal.message,
        refusalCode: event.refusal.code,
        finishedAt: at,
      };
    case 'operation-started':
      return {
        ...state,
        status: 'running',
        attempts: state.attempts + 1,
        receipt: event.receipt,
        evidence: event.evidence,
        verification: null,
        message: null,
        startedAt: at,
        finishedAt: null,
      };
    case 'operation-finished':
      return {
        ...state,
        status: event.outcome.status,
        receipt: event.outcome.receipt,
        evidence: [...state.evidence, ...event.outcome.evidence],
        message: event.outcome.message,
        exitCode: event.outcome.exitCode,
        confirmBefore: event.outcome.confirmBefore,
        isConfirmed: false,
        output: event.output,
        finishedAt: at,
      };
    case 'operation-verified':
      return event.verification.status === 'does-not-hold'
        ? { ...state, status: 'failed', verification: event.verification, message: event.verification.detail }
        : { ...state, verification: event.verification };
    case 'operation-confirmed':
      return event.verification.status === 'holds'
        ? { ...state, isConfirmed: true, confirmBefore: null, verification: event.verification }
        : {
            ...state,
            status: 'failed',
            confirmBefore: null,
            verification: event.verification,
            message: event.verification.detail,
          };
    case 'operation-recovered':
      return recovered(state, event.verification, at);
    case 'undo-started':
      return { ...state, status: step.status === 'undone' ? state.status : 'undoing' };
  }
}

function recovered(
  state: OperationState,
  verification: OperationState['verification'],
  at: string,
): OperationState {
  switch (verification?.status) {
    case 'holds': {
      // A change that takes itself back said so before it was begun; nobody has confirmed it yet.
      const before = state.receipt?.confirmBefore;
      const confirmBefore = typeof before === 'number' ? before : null;
      return {
        ...state,
        status: 'done',
        verification,
        message: verification.detail,
        confirmBefore,
        finishedAt: at,
      };
    }
    case 'does-not-hold':
      return { ...state, status: 'not-done', verification, message: verification.detail };
    case 'in-progress':
      return { ...state, status: 'attached', verification: null };
    default:
      return { ...state, verification };
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

function lookAgain(step: StepState, status: StepState['status']): StepState {
  return {
    ...withoutPlan(step),
    status,
    findings: null,
    isFailureAccepted: false,
    operations: withoutPending(step.operations),
    watch: null,
    summary: null,
    finishedAt: null,
  };
}

function withoutPlan(step: StepState): StepState {
  return { ...step, plan: null, isApproved: false };
}

function withoutPending(operations: readonly OperationState[]): readonly OperationState[] {
  return operations.filter((state) => state.status !== 'to-do');
}

function toDo(operation: OperationState['operation']): OperationState {
  return {
    operation,
    status: 'to-do',
    attempts: 0,
    receipt: null,
    evidence: [],
    verification: null,
    message: null,
    refusalCode: null,
    exitCode: null,
    confirmBefore: null,
    isConfirmed: false,
    output: null,
    startedAt: null,
    finishedAt: null,
  };
}

function isOpen(step: StepState): boolean {
  return step.status === 'todo' || step.status === 'reopened';
}

function wasSettled(step: StepState): boolean {
  return step.status === 'done' || step.status === 'by-hand';
}

/** Stays with the step in hand while it is unfinished; then the first unfinished one whose needs are met. */
function currentStep(incident: Incident): string | null {
  const reopened = incident.steps.find((step) => step.status === 'reopened' || step.status === 'unknown');
  const current = incident.steps.find((step) => step.id === incident.currentStepId);
  if (current && !isFinished(current) && needsAreMet(incident, current) && !(reopened && current.watch)) {
    return current.id;
  }
  const next = reopened ?? incident.steps.find((step) => !isFinished(step) && needsAreMet(incident, step));
  return next?.id ?? null;
}
