import { whyNot } from '../../engine/why-not.ts';
import { declarationOf } from '../../findings/allow-list.ts';
import { askOf } from '../asking/ask.ts';
import { canChoose, isInHand, itemAt, type Situation, shownStep } from '../incident/situation.ts';
import { hasOutput } from '../pager/output-list.ts';

/** Why a key does nothing now, in words; null when it does something. */
export type KeyReason = (situation: Situation, nowMs: number) => string | null;

/** One to three words for the footer; null keeps the key out of there. */
export type KeyLabel = (situation: Situation, nowMs: number) => string | null;

export const always = () => null;
export const hidden = () => null;
export const label = (text: string) => () => text;

function onStep(make: (stepId: string) => Parameters<typeof whyNot>[1]) {
  return (situation: Situation): string | null => {
    const step = shownStep(situation);
    return step === undefined ? 'no step is shown' : whyNot(situation.view, make(step.id));
  };
}

/** Shown in the footer only while it can be had. */
export function whenPossible(text: string, reason: KeyReason): KeyLabel {
  return (situation, nowMs) => (reason(situation, nowMs) === null ? text : null);
}

export const canSkip = onStep((stepId) => ({ kind: 'skip-step', stepId, reason: 'asked for' }));
export const canDoByHand = onStep((stepId) => ({ kind: 'do-by-hand', stepId, record: 'asked for' }));
export const canUndo = onStep((stepId) => ({ kind: 'undo-step', stepId }));
export const canLookAgain = onStep((stepId) => ({ kind: 'look-again', stepId }));

export function choiceWhyNot(situation: Situation): string | null {
  const step = shownStep(situation);
  if (step === undefined) return 'no step is shown';
  if (!canChoose(step)) return 'there is nothing to choose in this step now';
  if (!isInHand(situation)) return 'this is not the step in hand';
  const { view } = situation;
  // A plan in the making follows from the last tick; the next one need not wait for it.
  const activity = view.activity?.kind === 'planning' ? null : view.activity;
  return whyNot({ ...view, activity }, { kind: 'choose-findings', stepId: step.id, findingIds: [] });
}

function onFinding(situation: Situation): string | null {
  const step = shownStep(situation);
  const reason = choiceWhyNot(situation);
  if (reason !== null || step === undefined) return reason;
  return itemAt(step, situation.ui.itemKey)?.kind === 'finding' ? null : 'the cursor is not on a finding';
}

/** Why the item under the cursor cannot be ticked off; null if it can. */
function tickWhyNot(situation: Situation): string | null {
  const step = shownStep(situation);
  const item = step && itemAt(step, situation.ui.itemKey);
  if (step === undefined || item?.kind !== 'check') return 'the cursor is not on something to tick off';
  const { id } = item.check;
  return whyNot(situation.view, { kind: 'tick-item', stepId: step.id, itemId: id, isDone: true, note: '' });
}

export const chooseOrTickWhyNot: KeyReason = (situation) =>
  tickWhyNot(situation) === null ? null : onFinding(situation);

export const chooseLabel: KeyLabel = (situation) =>
  tickWhyNot(situation) === null ? 'tick off' : choiceWhyNot(situation) === null ? 'choose' : null;

/** Why the finding under the cursor cannot be declared to be one's own, or that be taken back; null if it can. */
export function oursWhyNot(situation: Situation): string | null {
  const step = shownStep(situation);
  const item = step && itemAt(step, situation.ui.itemKey);
  if (step === undefined || item?.kind !== 'finding') return 'the cursor is not on a finding';
  const { view } = situation;
  const declared = declarationOf(item.finding, view.incident.declarations);
  return declared === undefined
    ? whyNot(view, {
        kind: 'declare-ours',
        stepId: step.id,
        findingId: item.finding.id,
        reason: 'asked for',
      })
    : whyNot(view, { kind: 'take-back-declaration', declarationId: declared.id, reason: 'asked for' });
}

/** On every finding, whatever is thought of it: a footer that changes with each move costs more bytes than the move. */
export const oursLabel: KeyLabel = (situation) => {
  const step = shownStep(situation);
  const item = step && itemAt(step, situation.ui.itemKey);
  if (item?.kind !== 'finding' || oursWhyNot(situation) !== null) return null;
  if (declarationOf(item.finding, situation.view.incident.declarations) !== undefined) return 'not ours';
  return 'ours';
};

export function itemWhyNot(situation: Situation): string | null {
  const step = shownStep(situation);
  const item = step && itemAt(step, situation.ui.itemKey);
  return item !== undefined && (item.kind !== 'check' || item.check.finding !== null)
    ? null
    : 'there is no finding or operation here';
}

export function inputsWhyNot({ view }: Situation): string | null {
  if (Object.keys(view.incident.playbook.inputs).length === 0) return 'this playbook has no inputs';
  return whyNot(view, { kind: 'give-inputs', values: {} });
}

export function outputWhyNot(situation: Situation): string | null {
  const step = shownStep(situation);
  return step !== undefined && hasOutput(step, situation.view) ? null : 'this step has no output yet';
}

export function cancelWhyNot({ view }: Situation): string | null {
  return whyNot(view, { kind: 'cancel' });
}

export function closeWhyNot({ view }: Situation): string | null {
  if (view.question?.kind !== 'all-finished') return 'steps are still to be done or skipped';
  return whyNot(view, { kind: 'close-incident', reason: 'asked for' });
}

export function enterWhyNot(situation: Situation, nowMs: number): string | null {
  if (enterLabel(situation, nowMs) !== null) return null;
  return situation.view.activity === null ? 'there is nothing to answer now' : 'not before this is done';
}

export function enterLabel(situation: Situation, nowMs: number): string | null {
  const ask = askOf(situation, nowMs);
  const option = ask.options[situation.ui.option];
  return option?.label.toLowerCase() ?? ask.enter?.label ?? null;
}

export const shellWhyNot: KeyReason = ({ view }) =>
  whyNot(view, { kind: 'open-shell', stepId: null, argv: [] });

export const noteWhyNot: KeyReason = ({ view }) =>
  whyNot(view, { kind: 'add-note', stepId: null, text: 'asked for' });
