import type { IncidentView } from '../../engine/handle.ts';
import type { StepState } from '../../engine/incident.ts';
import { MARKS, stepById } from '../../engine/select.ts';
import type { Operation } from '../../operations/operation.ts';
import { formatBytes } from '../../text/format.ts';
import { BLANK, type Row, rowWidth, span, spread, wrapRows } from '../cells.ts';
import { begunOperations, hasChoice, isOpenStep, itemsOf, plannedOperations } from '../situation.ts';
import { foreign } from '../theme.ts';
import { countOf, riskAndUndo, sentence } from '../words.ts';
import { findingRow, widestTitle } from './finding-rows.ts';
import { begunRows, plannedRows } from './operation-rows.ts';

export interface DetailRows {
  readonly rows: readonly Row[];
  /** The row that the cursor stands on; null when there is nothing to stand on. */
  readonly cursorRow: number | null;
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
    for (const finding of step.findings) {
      add(`finding:${finding.id}`, (isHere) => [findingRow(finding, step, columns, isHere, widest)]);
    }
    for (const { what, reason } of step.unknowns) {
      const text = `${foreign(what)} could not be looked at: ${foreign(reason)}`;
      rows.push(...wrapRows([span(' ? ', 'warn')], text, columns, 'warn'));
    }
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
  rows.push(...manualRows(step, columns));
  if (isOpenStep(step)) {
    findings();
    rows.push(...planHeader(step, columns));
    for (const operation of plannedOperations(step)) {
      add(`operation:${operation.id}`, (isHere) => plannedRows(operation, columns, isHere));
    }
    rows.push(...planFooter(step, columns));
    begun();
  } else {
    begun();
    findings();
  }
  rows.push(...evidenceRows(step), ...noteRows(step, view, columns));
  const why = whyRows(step, columns);
  const room = Math.max(LEAST_WHY, options.height - rows.length);
  const shown = options.isWhyWhole || why.length <= room ? why : cutWhy(why, room, columns);
  return {
    rows: [...shown, ...rows],
    cursorRow: cursorRow === null ? null : cursorRow + shown.length,
  };
}

const LEAST_WHY = 3;

function cutWhy(why: readonly Row[], room: number, columns: number): readonly Row[] {
  const last = [...(why[room - 1] ?? BLANK), span('…')];
  return [...why.slice(0, room - 1), spread(last, [span('w shows all', 'accent')], columns)];
}

function whyRows(step: StepState, columns: number): readonly Row[] {
  const rows = wrapRows([span(' ')], foreign(step.definition.why), columns - 1);
  const attack: Row = [span(foreign(step.definition.attack.join(' ')), 'dim')];
  const last = rows.at(-1) ?? BLANK;
  const room = columns - rowWidth(last) - 1;
  if (rowWidth(attack) === 0) return rows;
  // The technique ids stand behind the last line, or below it where they would cut it.
  return rowWidth(attack) <= room
    ? [...rows.slice(0, -1), spread(last, attack, columns)]
    : [...rows, spread(BLANK, attack, columns)];
}

/** Why it is not simply to be done. */
function statusRows(step: StepState, columns: number): readonly Row[] {
  const reason = sentence(foreign(step.reason ?? ''));
  const line = (sign: string, text: string, style: 'good' | 'bad' | 'warn' | 'dim') => [
    BLANK,
    ...wrapRows([span(` ${sign} `, style)], text, columns, style === 'dim' ? undefined : style),
  ];
  switch (step.status) {
    case 'done':
      return line(MARKS.done.sign, `Done: ${foreign(step.summary ?? 'without a summary')}`, 'good');
    case 'failed':
      return line(
        MARKS.failed.sign,
        `Failed${step.isFailureAccepted ? ', and left so' : ''}: ${reason}`,
        'bad',
      );
    case 'skipped':
      return line(MARKS.skipped.sign, `Skipped: ${reason}`, 'dim');
    case 'by-hand':
      return line(MARKS['by-hand'].sign, `Done by hand: ${reason}`, 'good');
    case 'unknown':
      return line(MARKS.unknown.sign, 'Cut off while something was running.', 'warn');
    case 'undone':
      return line(MARKS.undone.sign, 'Undone: what it changed was taken back. ⏎ takes it up again.', 'warn');
    case 'reopened':
      return line(MARKS.reopened.sign, reason === '' ? 'Opened again.' : `Opened again: ${reason}`, 'warn');
    case 'todo':
      return reason === '' ? [] : line('!', `Planned again: ${reason}`, 'warn');
    case 'running':
      return [];
  }
}

/** That nothing was found is news only where something could have been. */
function isWorthSaying(step: StepState): boolean {
  if ((step.findings?.length ?? 0) > 0 || step.unknowns.length > 0) return true;
  return step.plan?.operations.length === 0 && step.plan.watch === null && step.definition.manual === null;
}

function foundHeader(step: StepState, columns: number): Row {
  const total = step.findings?.length ?? 0;
  if (total === 0) {
    return [span(' Found', 'strong'), span('   nothing that concerns this step', 'dim')];
  }
  const right = hasChoice(step) ? `${step.chosen.length} of ${total} chosen` : `${total}`;
  return spread([span(' Found', 'strong')], [span(right, 'dim')], columns);
}

function planHeader(step: StepState, columns: number): readonly Row[] {
  const { plan } = step;
  if (plan === null) return [];
  const remarks = plan.remarks.flatMap((remark) => wrapRows([span(' ! ', 'warn')], foreign(remark), columns));
  if (step.definition.manual !== null) return remarks.length > 0 ? [BLANK, ...remarks] : [];
  if (plan.watch !== null) return remarks.length > 0 ? [BLANK, ...remarks] : [];
  const isEmpty = plan.operations.length === 0;
  if (isEmpty && step.definition.uses === 'triage') return remarks.length > 0 ? [BLANK, ...remarks] : [];
  const header: Row = isEmpty
    ? [span(' Would do', 'strong'), span('   nothing', 'dim')]
    : spread(
        [span(' Would do', 'strong')],
        [span(riskAndUndo(plan), plan.risk === 'irreversible' ? 'bad' : 'warn')],
        columns,
      );
  return [BLANK, ...remarks, ...(remarks.length > 0 ? [BLANK] : []), header];
}

function planFooter(step: StepState, columns: number): readonly Row[] {
  const text = step.plan?.checkedAfter ?? '';
  if (text === '' || (step.plan?.operations.length === 0 && step.plan.watch === null)) return [];
  return [BLANK, ...wrapRows([span(' Checked after: ', 'dim')], foreign(text), columns)];
}

function manualRows(step: StepState, columns: number): readonly Row[] {
  const { manual } = step.definition;
  if (manual === null || !isOpenStep(step)) return [];
  const rows: Row[] = [BLANK, [span(' To do, by hand', 'strong')]];
  for (const [index, text] of manual.instructions.entries()) {
    rows.push(...wrapRows([span(`  ${index + 1}. `, 'accent')], foreign(text), columns));
  }
  if (manual.record.length > 0) rows.push(BLANK, [span(' To record', 'strong')]);
  for (const text of manual.record) rows.push(...wrapRows([span('  – ', 'accent')], foreign(text), columns));
  return rows;
}

function evidenceRows(step: StepState): readonly Row[] {
  const files = step.operations.flatMap((state) => state.evidence);
  if (files.length === 0) return [];
  const size = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return [BLANK, [span(` Evidence: ${countOf(files.length, 'file')}, ${formatBytes(size)}`, 'dim')]];
}

function noteRows(step: StepState, view: IncidentView, columns: number): readonly Row[] {
  const notes = view.incident.notes.filter((note) => note.stepId === step.id);
  if (notes.length === 0) return [];
  return [
    BLANK,
    [span(' Notes', 'strong')],
    ...notes.flatMap(({ at, by, text }) =>
      wrapRows([span(`  ${at.slice(11, 16)} ${foreign(by)}: `, 'dim')], foreign(text), columns),
    ),
  ];
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
