import { entryFor } from '../findings/allow-list.ts';
import { describeOperation } from '../operations/describe.ts';
import { checklistOf } from './checklist.ts';
import type { Command } from './command.ts';
import type { IncidentView } from './handle.ts';
import type { Incident, OperationState, ShellState, StepState } from './incident.ts';
import { isFinished, needsAreMet } from './order.ts';

/** Why a command cannot be had now, in words for the responder; null if it can. The runner refuses by the same. */
export function whyNot(
  view: Pick<IncidentView, 'incident' | 'activity' | 'question' | 'stopped'>,
  command: Command,
): string | null {
  const { incident, question } = view;
  if (view.stopped !== null) return view.stopped;
  if (incident.closedAt !== null) return 'the incident is closed';
  if (command.kind === 'add-note') return command.text.trim() === '' ? 'the note is empty' : null;
  if (command.kind === 'tick-item') {
    const step = stepOf(view, command.stepId);
    const isThere = step !== undefined && checklistOf(step).some(({ id }) => id === command.itemId);
    return isThere ? null : 'there is no such item in the step’s list';
  }
  if (command.kind === 'cancel') return view.activity === null ? 'nothing is running' : null;
  if (view.activity !== null) return 'something is running: wait for it or cancel it';
  switch (command.kind) {
    case 'open-shell':
      return openShell(incident) === undefined ? null : 'a shell is open already';
    case 'close-shell':
      return openShell(incident)?.id === command.shellId ? null : 'no such shell is open';
    case 'approve-plan':
      if (question?.kind !== 'approval' || question.stepId !== command.stepId)
        return 'there is no plan to approve';
      if (question.planHash !== command.planHash) return 'the plan has changed since it was shown';
      return stepOf(view, command.stepId)?.plan?.word !== undefined && /^(key|line)$/.test(command.how)
        ? `it is asked twice: type ${question.word}`
        : null;
    case 'declare-ours': {
      const step = stepOf(view, command.stepId);
      const finding = step?.findings?.find(({ id }) => id === command.findingId);
      if (step === undefined || finding === undefined) return 'there is no such finding';
      if (!isOpen(step)) return 'the step is not open';
      const declared = finding.reasons.find(({ code }) => code === 'allow-list');
      if (declared !== undefined) return 'it is declared ours already';
      const entry = entryFor(finding);
      if ('whyNot' in entry) return entry.whyNot;
      return command.reason.trim() === '' ? 'a reason is needed: it stands in the transcript' : null;
    }
    case 'take-back-declaration':
      if (!incident.declarations.some(({ id }) => id === command.declarationId))
        return 'nothing of the kind was declared';
      return command.reason.trim() === '' ? 'a reason is needed: it stands in the transcript' : null;
    case 'choose-findings': {
      const step = stepOf(view, command.stepId);
      if (step === undefined || step.findings === null) return 'nothing has been looked at yet';
      return isOpen(step) ? null : 'the step is not open';
    }
    case 'give-inputs': {
      const unknown = Object.keys(command.values).find((name) => !(name in incident.playbook.inputs));
      return unknown === undefined ? null : `the playbook has no input "${unknown}"`;
    }
    case 'open-step': {
      const step = stepOf(view, command.stepId);
      if (step === undefined) return 'there is no such step';
      return needsAreMet(incident, step) ? null : `it needs ${step.definition.needs.join(', ')} first`;
    }
    case 'look-again': {
      const step = stepOf(view, command.stepId);
      if (step === undefined || step.id !== incident.currentStepId) return 'it is not the step in hand';
      return isOpen(step) || step.status === 'failed' ? null : 'the step is not open';
    }
    case 'skip-step':
    case 'do-by-hand': {
      const step = stepOf(view, command.stepId);
      const text = command.kind === 'skip-step' ? command.reason : command.record;
      if (step === undefined) return 'there is no such step';
      if (isFinished(step)) return 'the step is finished';
      if (step.status === 'running' || step.status === 'unknown') return 'the step is under way';
      return text.trim() === '' ? 'a reason is needed: it stands in the transcript' : null;
    }
    case 'accept-failure':
      return question?.kind === 'failure' && question.stepId === command.stepId
        ? null
        : 'the step has not failed';
    case 'undo-step': {
      const step = stepOf(view, command.stepId);
      if (step === undefined || incident.undo !== null) return 'it cannot be undone now';
      return undoable(step).length > 0 ? null : 'there is nothing in it that can be undone';
    }
    case 'confirm-operation':
      return question?.kind === 'confirmation' && question.operationId === command.operationId
        ? null
        : 'there is nothing to confirm';
    case 'answer-recovery':
      return question?.kind === 'recovery' && question.operationId === command.operationId
        ? null
        : 'nothing was cut off';
    case 'close-incident':
      return null;
  }
}

/** Operations of a step that undo can take back, newest first. */
export function undoable(step: StepState): readonly OperationState[] {
  const done = touched(step);
  return done
    .filter((state) => describeOperation(state.operation).canUndo === 'yes' && !wasKilled(state, done))
    .reverse();
}

/** A process that was frozen to be killed cannot be let go on; the kill is what is named as not to be undone. */
function wasKilled({ operation }: OperationState, done: readonly OperationState[]): boolean {
  if (operation.kind !== 'freeze-process') return false;
  const frozen = [operation.process, ...(operation.others ?? [])];
  return frozen.every(({ pid, startTicks }) =>
    done.some(
      ({ operation: other, status }) =>
        other.kind === 'kill-process' &&
        status === 'done' &&
        other.process.pid === pid &&
        other.process.startTicks === startTicks,
    ),
  );
}

/** Operations of a step that were done and cannot be taken back. */
export function notUndoable(step: StepState): readonly OperationState[] {
  return touched(step).filter(
    (state) =>
      describeOperation(state.operation).canUndo === 'no' &&
      describeOperation(state.operation).risk !== 'read-only',
  );
}

function touched(step: StepState): OperationState[] {
  return step.operations.filter(
    (state) => state.receipt !== null && ['done', 'failed', 'undo-failed', 'undoing'].includes(state.status),
  );
}

function openShell(incident: Incident): ShellState | undefined {
  return incident.shells.find((shell) => shell.isOpen);
}

function stepOf(view: Pick<IncidentView, 'incident'>, stepId: string): StepState | undefined {
  return view.incident.steps.find((step) => step.id === stepId);
}

function isOpen(step: StepState): boolean {
  return step.status === 'todo' || step.status === 'reopened';
}
