import { evaluateCondition } from '../playbook/expression.ts';
import type { Effect } from './effect.ts';
import type { Incident, OperationState, StepState } from './incident.ts';
import { manualOf } from './manual-part.ts';
import { openSteps } from './order.ts';
import { expressionScope } from './scope.ts';
import { summarize } from './summarize.ts';

/** A step is planned again when the host moved on under it, but not for ever. */
const MOST_PLANS = 6;

/**
 * What is to be done next, from what has happened so far. Pure: the same incident always gives the same answer,
 * so a runner that takes over goes on exactly where the last one stopped. An empty list: closed.
 */
export function decide(incident: Incident): readonly Effect[] {
  if (incident.closedAt !== null) return [];
  return (
    recoverFirst(incident) ??
    undoNext(incident) ??
    confirmNext(incident) ??
    askInputs(incident) ??
    stepNext(incident)
  );
}

type Decision = readonly Effect[] | null;

function* operationsOf(incident: Incident): Generator<[StepState, OperationState]> {
  for (const step of incident.steps) for (const state of step.operations) yield [step, state];
}

function recoverFirst(incident: Incident): Decision {
  for (const [step, state] of operationsOf(incident)) {
    const { operation, receipt } = state;
    if (receipt === null) continue;
    if (state.status === 'attached') return [{ kind: 'attach', stepId: step.id, operation, receipt }];
    if (state.status !== 'unknown') continue;
    if (state.verification === null) return [{ kind: 'recover', stepId: step.id, operation, receipt }];
    const detail = state.verification.detail;
    return ask({ kind: 'recovery', stepId: step.id, operationId: operation.id, detail });
  }
  return null;
}

function undoNext(incident: Incident): Decision {
  if (incident.undo === null) return null;
  const { stepId, pending } = incident.undo;
  const step = incident.steps.find((candidate) => candidate.id === stepId);
  const state = step?.operations.find((candidate) => candidate.operation.id === pending[0]);
  if (state?.receipt) return [{ kind: 'undo', stepId, operation: state.operation, receipt: state.receipt }];
  const stuck = step?.operations.filter((candidate) => candidate.status === 'undo-failed') ?? [];
  if (step && stuck.length > 0) {
    return failed(step, `${stuck.length} of its changes could not be taken back: ${stuck[0]?.message ?? ''}`);
  }
  return record({ kind: 'step-undone', stepId });
}

function confirmNext(incident: Incident): Decision {
  for (const [step, state] of operationsOf(incident)) {
    if (state.status !== 'done' || state.confirmBefore === null) continue;
    const operationId = state.operation.id;
    return ask({ kind: 'confirmation', stepId: step.id, operationId, beforeMs: state.confirmBefore });
  }
  return null;
}

function askInputs(incident: Incident): Decision {
  const missing = Object.entries(incident.playbook.inputs).filter(([name, definition]) => {
    if (definition.isSecret) return definition.isRequired && !incident.secretsGiven.includes(name);
    return definition.isRequired && !(name in incident.inputs);
  });
  return missing.length > 0 ? ask({ kind: 'inputs', names: missing.map(([name]) => name) }) : null;
}

function stepNext(incident: Incident): readonly Effect[] {
  const step = incident.steps.find((candidate) => candidate.id === incident.currentStepId);
  if (step === undefined) {
    return ask({ kind: 'all-finished', unfinished: openSteps(incident).map((open) => open.id) });
  }
  switch (step.status) {
    case 'failed':
      return step.definition.onFailure === 'continue'
        ? [{ kind: 'record', event: { kind: 'failure-accepted', stepId: step.id } }]
        : ask({ kind: 'failure', stepId: step.id, reason: step.reason ?? 'it failed' });
    case 'running':
      return carryOn(step);
    default:
      return prepare(incident, step);
  }
}

function prepare(incident: Incident, step: StepState): readonly Effect[] {
  const stepId = step.id;
  if (step.findings === null) return allowed(incident, step) ?? [{ kind: 'look', stepId }];
  if (step.plan === null) return [{ kind: 'plan', stepId }];
  if (manualOf(step) !== null) return ask({ kind: 'manual', stepId });
  const { hash, risk } = step.plan;
  const word = step.plan.word ?? (risk === 'irreversible' ? approvalWord(step) : null);
  return ask({ kind: 'approval', stepId, planHash: hash, risk, word });
}

/** What must be typed before something that cannot be undone: short, and says what it will do. */
function approvalWord(step: StepState): string {
  const operations = step.plan?.operations ?? [];
  if (operations.some(({ kind }) => kind === 'kill-process')) return 'kill';
  // By the name of what will run.
  const upgrade = operations.find((operation) => operation.kind === 'upgrade-packages');
  return upgrade === undefined ? 'yes' : upgrade.manager;
}

function allowed(incident: Incident, step: StepState): Decision {
  if (step.definition.if !== null) {
    const answer = evaluateCondition(step.definition.if, expressionScope(incident));
    if ('error' in answer) return failed(step, `its condition could not be worked out: ${answer.error}`);
    if (!answer.value) {
      const reason = `its condition does not hold: ${step.definition.if}`;
      return record({ kind: 'step-skipped', stepId: step.id, reason, by: 'condition' });
    }
  }
  const bare = step.definition.needsEvidenceFrom.filter((id) => !hasEvidence(incident, id));
  if (bare.length > 0) {
    return failed(step, `it needs evidence from ${bare.join(', ')} first, and there is none`);
  }
  return null;
}

function hasEvidence(incident: Incident, stepId: string): boolean {
  const step = incident.steps.find((candidate) => candidate.id === stepId);
  return step?.operations.some((state) => state.evidence.length > 0) ?? false;
}

function carryOn(step: StepState): readonly Effect[] {
  const stepId = step.id;
  const planned = new Set(step.plan?.operations.map((operation) => operation.id));
  for (const state of step.operations) {
    const { operation } = state;
    if (!planned.has(operation.id)) continue;
    switch (state.status) {
      case 'to-do':
        return [{ kind: 'perform', stepId, operation }];
      case 'refused':
        return refused(step, state);
      case 'not-done':
        return withdrawn(step, 'it was cut off before it happened');
      case 'failed':
        return state.attempts <= step.definition.retries && state.confirmBefore === null
          ? [{ kind: 'perform', stepId, operation }]
          : failed(step, state.message ?? 'an operation failed');
      case 'done':
        if (state.verification === null && state.receipt !== null) {
          return [{ kind: 'verify', stepId, operation, receipt: state.receipt }];
        }
    }
  }
  const watch = step.plan?.watch;
  if (watch && step.watch && !step.watch.isFinished) {
    const { forMs, everyMs, scopes } = watch;
    return [{ kind: 'watch', stepId, startedAt: step.watch.startedAt, forMs, everyMs, scopes }];
  }
  return record({ kind: 'step-finished', stepId, summary: summarize(step) });
}

function refused(step: StepState, state: OperationState): readonly Effect[] {
  const message = state.message ?? 'it was refused';
  return state.refusalCode === 'stale' ? withdrawn(step, message) : failed(step, message);
}

function withdrawn(step: StepState, reason: string): readonly Effect[] {
  if (step.plansMade >= MOST_PLANS) {
    return failed(step, `the host kept changing under the plan (${step.plansMade} times): ${reason}`);
  }
  return record({ kind: 'plan-withdrawn', stepId: step.id, reason });
}

function failed(step: StepState, reason: string): readonly Effect[] {
  return record({ kind: 'step-failed', stepId: step.id, reason });
}

function record(event: Extract<Effect, { kind: 'record' }>['event']): readonly Effect[] {
  return [{ kind: 'record', event }];
}

function ask(question: Extract<Effect, { kind: 'ask' }>['question']): readonly Effect[] {
  return [{ kind: 'ask', question }];
}
