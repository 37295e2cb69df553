import { type ChecklistItem, checklistOf } from '../../engine/checklist.ts';
import type { IncidentView } from '../../engine/handle.ts';
import type { OperationState, StepState } from '../../engine/incident.ts';
import { isFinished } from '../../engine/order.ts';
import { stepById } from '../../engine/select.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Operation } from '../../operations/operation.ts';
import type { UiState } from './ui-state.ts';

/** All that a key or a screen depends on at one moment. */
export interface Situation {
  readonly view: IncidentView;
  readonly ui: UiState;
}

/** The step that the question or the work of the moment is about. */
export function stepInHandId(view: IncidentView): string | null {
  const { question, activity, incident } = view;
  if (question !== null && 'stepId' in question) return question.stepId;
  return activity?.stepId ?? incident.currentStepId;
}

function isAllFinished(view: IncidentView): boolean {
  return view.question?.kind === 'all-finished' || view.incident.closedAt !== null;
}

/** The step on the screen; undefined when the closing page is on it instead. */
export function shownStep({ view, ui }: Situation): StepState | undefined {
  const chosen = stepById(view.incident, ui.stepId);
  if (chosen !== undefined) return withChoice(chosen, ui);
  if (isAllFinished(view)) return undefined;
  const step = stepById(view.incident, stepInHandId(view)) ?? view.incident.steps[0];
  return step && withChoice(step, ui);
}

/** Whether more than the clock changes with time: what runs, what is asked with a time limit, the page at the end. */
export function isTimed(situation: Situation): boolean {
  const { view } = situation;
  if (view.activity !== null || view.question?.kind === 'confirmation') return true;
  return view.incident.closedAt === null && shownStep(situation) === undefined;
}

/** With the ticks as the responder set them, although they are not taken yet. */
function withChoice(step: StepState, { choice }: UiState): StepState {
  return choice?.stepId === step.id ? { ...step, chosen: choice.ids } : step;
}

export function isInHand(situation: Situation): boolean {
  const { ui, view } = situation;
  return ui.stepId === null || ui.stepId === stepInHandId(view);
}

/** The next step that is not finished after this one, as the checklist goes. */
export function stepAfter(view: IncidentView, stepId: string): StepState | undefined {
  const { steps } = view.incident;
  const index = steps.findIndex((step) => step.id === stepId);
  return [...steps.slice(index + 1), ...steps.slice(0, Math.max(0, index))].find((step) => !isFinished(step));
}

/** What the cursor of the detail pane can stand on. */
export type Item =
  | { readonly kind: 'finding'; readonly key: string; readonly finding: Finding }
  | {
      readonly kind: 'operation';
      readonly key: string;
      readonly operation: Operation;
      /** null while it is only planned. */
      readonly state: OperationState | null;
    }
  /** Something done elsewhere, to be ticked off. */
  | { readonly kind: 'check'; readonly key: string; readonly check: ChecklistItem };

export function isOpenStep(step: StepState): boolean {
  return step.status === 'todo' || step.status === 'reopened';
}

/** A plan that waits for approval is shown before what was done earlier in the step. */
export function plannedOperations(step: StepState): readonly Operation[] {
  return isOpenStep(step) && step.plan !== null ? step.plan.operations : [];
}

export function begunOperations(step: StepState): readonly OperationState[] {
  return step.operations;
}

/** Findings that are not ticked off, but dealt with. */
export function findingsToChoose(step: StepState): readonly Finding[] {
  return (step.findings ?? []).filter(({ subject }) => subject.kind !== 'secret');
}

/** What is to be ticked off; instructions only while there is something to do by them, or something was ticked. */
export function checksOf(step: StepState): readonly ChecklistItem[] {
  return checklistOf(step).filter(
    (item) => item.word === 'replaced' || isOpenStep(step) || item.tick !== null,
  );
}

/** In the order of the screen. */
export function itemsOf(step: StepState): readonly Item[] {
  const findings = [
    ...findingsToChoose(step).map(
      (finding): Item => ({ kind: 'finding', key: `finding:${finding.id}`, finding }),
    ),
    ...checksOf(step).map((check): Item => ({ kind: 'check', key: `check:${check.id}`, check })),
  ];
  const planned = plannedOperations(step).map(
    (operation): Item => ({ kind: 'operation', key: `operation:${operation.id}`, operation, state: null }),
  );
  const begun = begunOperations(step).map(
    (state): Item => ({
      kind: 'operation',
      key: `operation:${state.operation.id}`,
      operation: state.operation,
      state,
    }),
  );
  // While it is at work, and after, what was done comes before what was found.
  return isOpenStep(step) ? [...findings, ...planned, ...begun] : [...begun, ...findings];
}

export function itemAt(step: StepState, key: string | null): Item | undefined {
  const items = itemsOf(step);
  return items.find((item) => item.key === key) ?? items[0];
}

/** Whether findings of the step can be ticked: it acts on them, and has not begun. */
export function canChoose(step: StepState): boolean {
  return isOpenStep(step) && hasChoice(step) && step.findings !== null && step.findings.length > 0;
}

/** Steps that only look have nothing to tick. */
export function hasChoice(step: StepState): boolean {
  const { uses } = step.definition;
  return uses !== 'triage' && uses !== 'watch' && uses !== 'manual' && uses !== 'run';
}
