import type { ChecklistItem } from '../../engine/checklist.ts';
import type { IncidentView } from '../../engine/handle.ts';
import type { StepState } from '../../engine/incident.ts';
import { manualOf } from '../../engine/manual-part.ts';
import { stepById } from '../../engine/select.ts';
import { foundCount } from '../../engine/summarize.ts';
import type { Operation } from '../../operations/operation.ts';
import {
  begunOperations,
  checksOf,
  findingsToChoose,
  hasChoice,
  isOpenStep,
  itemsOf,
  plannedOperations,
} from '../incident/situation.ts';
import { BLANK, type Row, span, spread, wrapRows } from '../look/cells.ts';
import { foreign } from '../look/theme.ts';
import { riskAndUndo } from '../look/words.ts';
import { checkHeader, checkRows } from './check-rows.ts';
import { findingRow, widestTitle } from './finding-rows.ts';
import { begunRows, plannedRows } from './operation-rows.ts';
import { cutWhy, evidenceRows, LEAST_WHY, manualRows, noteRows, statusRows, whyRows } from './step-about.ts';
import { vitalsRows } from './vitals-rows.ts';

export interface DetailRows {
  readonly rows: readonly Row[];
  /** The row that the cursor stands on; null when there is nothing to stand on. */
  readonly cursorRow: number | null;
  /** What is read before there is anything to choose: the pane begins at its beginning, wherever the cursor stands. */
  readonly beginsAbove?: boolean;
}

export interface StepRowsOptions {
  readonly itemKey: string | null;
  readonly hasCursor: boolean;
  readonly columns: number;
  /** Rows of the pane: what the step is for gives way to what was found and what would be done. */
  readonly height: number;
  readonly isWhyWhole: boolean;
  readonly nowMs: number;
}

/** All of a step, top to bottom, in so many columns; which part of it is on the screen is the viewport's business. */
export function stepRows(step: StepState, view: IncidentView, options: StepRowsOptions): DetailRows {
  const { itemKey, hasCursor, columns, nowMs } = options;
  const items = itemsOf(step);
  const here = items.find((item) => item.key === itemKey)?.key ?? items[0]?.key ?? null;
  const rows: Row[] = [...statusRows(step, columns)];
  let cursorRow: number | null = null;
  const add = (key: string, draw: (isHere: boolean) => readonly Row[]) => {
    if (key === here) cursorRow = rows.length;
    rows.push(...draw(hasCursor && key === here));
  };
  const findings = () => {
    if (step.findings === null || !isWorthSaying(step)) return;
    rows.push(BLANK, foundHeader(step, columns));
    const widest = widestTitle(step.findings);
    for (const finding of findingsToChoose(step)) {
      add(`finding:${finding.id}`, (isHere) => [findingRow(finding, step, columns, isHere, widest)]);
    }
    for (const { what, reason } of step.unknowns) {
      const text = `${foreign(what)} could not be looked at: ${foreign(reason)}`;
      rows.push(...wrapRows([span(' ? ', 'warn')], text, columns, 'warn'));
    }
  };
  const checks = (word: ChecklistItem['word']) => {
    const list = checksOf(step).filter((item) => item.word === word);
    if (list.length === 0) return;
    rows.push(BLANK, checkHeader(list, columns));
    for (const [index, item] of list.entries())
      add(`check:${item.id}`, (isHere) => checkRows(item, index + 1, columns, isHere));
  };
  const begun = () => {
    const states = begunOperations(step);
    if (states.length === 0) return;
    rows.push(BLANK, spread([span(' Operations', 'strong')], [span(doneCount(step), 'dim')], columns));
    for (const state of states) {
      add(`operation:${state.operation.id}`, (isHere) =>
        begunRows(state, view.activity, columns, isHere, nowMs),
      );
    }
  };
  // Why it is left to a person comes before what is to be done.
  const isFirst = isAdviceFirst(step);
  if (isFirst && isOpenStep(step)) rows.push(...remarkRows(step, columns));
  checks('done');
  if (view.activity?.stepId === step.id) rows.push(...vitalsRows(view.activity.vitals ?? [], columns));
  rows.push(...manualRows(step, columns));
  if (isOpenStep(step)) {
    findings();
    checks('replaced');
    if (!isFirst) rows.push(...remarkRows(step, columns));
    rows.push(...planHeader(step, columns));
    for (const operation of plannedOperations(step)) {
      add(`operation:${operation.id}`, (isHere) => plannedRows(operation, columns, isHere));
    }
    rows.push(...planFooter(step, columns));
    begun();
  } else {
    begun();
    findings();
    checks('replaced');
  }
  rows.push(...evidenceRows(step), ...noteRows(step, view, columns));
  const why = whyRows(step, columns);
  const room = Math.max(LEAST_WHY, options.height - rows.length);
  const shown = options.isWhyWhole || why.length <= room ? why : cutWhy(why, room, columns);
  return {
    rows: [...shown, ...rows],
    cursorRow: cursorRow === null ? null : cursorRow + shown.length,
    beginsAbove: isFirst && isOpenStep(step) && itemKey === null,
  };
}

/** That nothing was found is news only where something could have been. */
function isWorthSaying(step: StepState): boolean {
  if ((step.findings?.length ?? 0) > 0 || step.unknowns.length > 0) return true;
  return step.plan?.operations.length === 0 && step.plan.watch === null && manualOf(step) === null;
}

function foundHeader(step: StepState, columns: number): Row {
  const total = findingsToChoose(step).length;
  if (total === 0) {
    return [span(' Found', 'strong'), span('   nothing that concerns this step', 'dim')];
  }
  // The same number as in the checklist, and what the list holds beside.
  const others = total - foundCount(step);
  const more = others > 0 && others < total ? ` bad or odd · ${others} more` : '';
  const right = hasChoice(step) ? `${step.chosen.length} of ${total} chosen` : `${foundCount(step)}${more}`;
  return spread([span(' Found', 'strong')], [span(right, 'dim')], columns);
}

function remarkRows(step: StepState, columns: number): readonly Row[] {
  const remarks = (step.plan?.remarks ?? []).flatMap((remark) =>
    wrapRows([span(' ! ', 'warn')], foreign(remark), columns),
  );
  return remarks.length > 0 ? [BLANK, ...remarks] : [];
}

/** What was weighed is read before what it was weighed from: the advice is the step, and Enter may let the host go. */
function isAdviceFirst(step: StepState): boolean {
  const { uses } = step.definition;
  return manualOf(step) !== null || uses === 'rebuild-or-release' || uses === 'triage';
}

function planHeader(step: StepState, columns: number): readonly Row[] {
  const { plan } = step;
  if (plan === null || manualOf(step) !== null) return [];
  const isEmpty = plan.operations.length === 0;
  if (isEmpty && (plan.watch !== null || step.definition.uses === 'triage')) return [];
  const header: Row = isEmpty
    ? [span(' Would do', 'strong'), span('   nothing', 'dim')]
    : spread(
        [span(' Would do', 'strong')],
        [span(riskAndUndo(plan), plan.risk === 'irreversible' ? 'bad' : 'warn')],
        columns,
      );
  return [BLANK, header];
}

function planFooter(step: StepState, columns: number): readonly Row[] {
  const text = step.plan?.checkedAfter ?? '';
  if (text === '' || (step.plan?.operations.length === 0 && step.plan.watch === null)) return [];
  return [BLANK, ...wrapRows([span(' Checked after: ', 'dim')], foreign(text), columns)];
}

function doneCount(step: StepState): string {
  const isPlanned = new Set(step.plan?.operations.map((operation: Operation) => operation.id));
  const states = step.operations.filter((state) => isPlanned.size === 0 || isPlanned.has(state.operation.id));
  return `${states.filter((state) => state.status === 'done').length} of ${states.length} done`;
}

/** The title of the detail pane: `4  Block command and control`. */
export function stepTitle(view: IncidentView, stepId: string): string {
  const index = view.incident.steps.findIndex((step) => step.id === stepId);
  return `${index + 1}  ${foreign(stepById(view.incident, stepId)?.definition.title ?? '')}`;
}
