import { checklistOf } from '../engine/checklist.ts';
import type { Command } from '../engine/command.ts';
import type { Event } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { notUndoable, undoable } from '../engine/why-not.ts';
import { entryFor } from '../findings/allow-list.ts';
import type { JsonValue } from '../playbook/playbook.ts';
import { stepOf } from './lookup.ts';

/** What a command comes to in the journal. `whyNot` has allowed it. Secrets are parted from what is journalled. */
export function eventsFor(
  command: Exclude<Command, { kind: 'cancel' | 'confirm-operation' }>,
  incident: Incident,
): { readonly events: readonly Event[]; readonly secrets: ReadonlyMap<string, string> } {
  const secrets = new Map<string, string>();
  const only = (event: Event) => ({ events: [event], secrets });
  switch (command.kind) {
    case 'approve-plan':
      return only({
        kind: 'plan-approved',
        stepId: command.stepId,
        planHash: command.planHash,
        how: command.how,
      });
    case 'choose-findings':
      return only({ kind: 'findings-chosen', stepId: command.stepId, findingIds: command.findingIds });
    case 'give-inputs':
      return only(inputsGiven(command.values, incident, secrets));
    case 'open-step':
      return only({ kind: 'step-opened', stepId: command.stepId });
    case 'look-again': {
      const { stepId } = command;
      return stepOf(incident, stepId).status === 'failed'
        ? only({ kind: 'step-opened', stepId })
        : only({ kind: 'plan-withdrawn', stepId, reason: 'the responder asked for another look' });
    }
    case 'skip-step':
      return only({ kind: 'step-skipped', stepId: command.stepId, reason: command.reason, by: 'responder' });
    case 'do-by-hand':
      return only({ kind: 'step-done-by-hand', stepId: command.stepId, record: command.record });
    case 'accept-failure':
      return only({ kind: 'failure-accepted', stepId: command.stepId });
    case 'undo-step': {
      const step = stepOf(incident, command.stepId);
      return only({
        kind: 'undo-requested',
        stepId: step.id,
        operationIds: undoable(step).map((state) => state.operation.id),
        cannotUndo: notUndoable(step).map((state) => state.operation.id),
      });
    }
    case 'answer-recovery': {
      const { operationId, didHappen } = command;
      const stepId =
        incident.steps.find((step) => step.operations.some((state) => state.operation.id === operationId))
          ?.id ?? '';
      const status = didHappen ? 'holds' : 'does-not-hold';
      const verification = { status, detail: 'as the responder said' } as const;
      return only({ kind: 'operation-recovered', stepId, operationId, verification, by: 'responder' });
    }
    case 'tick-item': {
      const { stepId, itemId, isDone, note } = command;
      const item = checklistOf(stepOf(incident, stepId)).find(({ id }) => id === itemId);
      return only({ kind: 'item-ticked', stepId, itemId, title: item?.title ?? itemId, isDone, note });
    }
    case 'declare-ours': {
      const { findings } = stepOf(incident, command.stepId);
      const finding = findings?.find(({ id }) => id === command.findingId);
      const entry = finding && entryFor(finding);
      if (entry === undefined || 'whyNot' in entry) return { events: [], secrets };
      return only({ kind: 'declared-ours', entry, reason: command.reason, file: null });
    }
    case 'take-back-declaration': {
      const { declarationId, reason } = command;
      return only({ kind: 'declaration-taken-back', declarationId, reason });
    }
    case 'add-note':
      return only({ kind: 'note-added', stepId: command.stepId, text: command.text });
    case 'open-shell': {
      const shellId = `shell-${incident.shells.length + 1}`;
      return only({ kind: 'shell-opened', stepId: command.stepId, shellId, argv: command.argv });
    }
    case 'close-shell': {
      const { shellId, exitCode, tookMs, recording } = command;
      return only({ kind: 'shell-closed', shellId, exitCode, tookMs, recording });
    }
    case 'close-incident':
      return only({ kind: 'incident-closed', reason: command.reason });
  }
}

function inputsGiven(
  values: Readonly<Record<string, JsonValue>>,
  incident: Incident,
  secrets: Map<string, string>,
): Event {
  const kept: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (incident.playbook.inputs[name]?.isSecret) secrets.set(name, String(value));
    else kept[name] = value;
  }
  return { kind: 'inputs-given', values: kept, secretNames: [...secrets.keys()] };
}
