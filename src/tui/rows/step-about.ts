import type { IncidentView } from '../../engine/handle.ts';
import type { StepState } from '../../engine/incident.ts';
import { manualOf } from '../../engine/manual-part.ts';
import { MARKS } from '../../engine/select.ts';
import { notUndoable } from '../../engine/why-not.ts';
import { formatBytes } from '../../text/format.ts';
import { isOpenStep } from '../incident/situation.ts';
import { BLANK, type Row, rowWidth, span, spread, wrapRows } from '../look/cells.ts';
import { foreign } from '../look/theme.ts';
import { countOf, namesOf, sentence } from '../look/words.ts';

/** Of what a step is for, so many rows stay however little room there is. */
export const LEAST_WHY = 3;

/** The beginning, and which key shows the rest. */
export function cutWhy(why: readonly Row[], room: number, columns: number): readonly Row[] {
  const last = [...(why[room - 1] ?? BLANK), span('…')];
  return [...why.slice(0, room - 1), spread(last, [span('w shows all', 'accent')], columns)];
}

/** What the step is for, and the ATT&CK techniques that it answers. */
export function whyRows(step: StepState, columns: number): readonly Row[] {
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
export function statusRows(step: StepState, columns: number): readonly Row[] {
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
      return line(MARKS.undone.sign, `Undone: ${whatIsBack(step)} ⏎ takes it up again.`, 'warn');
    case 'reopened':
      return line(MARKS.reopened.sign, reason === '' ? 'Opened again.' : `Opened again: ${reason}`, 'warn');
    case 'todo':
      return reason === '' ? [] : line('!', `Planned again: ${reason}`, 'warn');
    case 'running':
      return [];
  }
}

function whatIsBack(step: StepState): string {
  const stays = notUndoable(step);
  return stays.length === 0
    ? 'what it changed was taken back.'
    : `what could be was taken back. What stays done: ${namesOf(stays.map(({ operation }) => operation))}.`;
}

export function manualRows(step: StepState, columns: number): readonly Row[] {
  const manual = manualOf(step);
  if (manual === null || !isOpenStep(step)) return [];
  const rows: Row[] = [];
  if (manual.record.length > 0) rows.push(BLANK, [span(' To record', 'strong')]);
  for (const text of manual.record) rows.push(...wrapRows([span('  – ', 'accent')], foreign(text), columns));
  return rows;
}

export function evidenceRows(step: StepState): readonly Row[] {
  const files = step.operations.flatMap((state) => state.evidence);
  if (files.length === 0) return [];
  const size = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return [BLANK, [span(` Evidence: ${countOf(files.length, 'file')}, ${formatBytes(size)}`, 'dim')]];
}

export function noteRows(step: StepState, view: IncidentView, columns: number): readonly Row[] {
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
