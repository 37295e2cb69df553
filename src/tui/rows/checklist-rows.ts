import type { Activity, IncidentView } from '../../engine/handle.ts';
import type { StepState } from '../../engine/incident.ts';
import { MARKS, type Mark, markOf, progressOf, shortResult } from '../../engine/select.ts';
import { textWidth } from '../../text/width.ts';
import { stepInHandId } from '../incident/situation.ts';
import type { StyleName } from '../look/cells.ts';
import { type Row, span, spread } from '../look/cells.ts';
import { foreign } from '../look/theme.ts';

const STYLES: Readonly<Record<string, StyleName>> = {
  todo: 'dim',
  here: 'accent',
  running: 'accent',
  done: 'good',
  failed: 'bad',
  skipped: 'dim',
  'by-hand': 'good',
  unknown: 'warn',
  undone: 'warn',
  reopened: 'warn',
};

const DOING: Readonly<Record<Activity['kind'], string>> = {
  looking: 'looking',
  planning: 'planning',
  preparing: 'running',
  performing: 'running',
  verifying: 'checking',
  recovering: 'checking',
  undoing: 'undoing',
  watching: 'watching',
  confirming: 'confirming',
};

/** One row for each of these steps: mark, title, and how it came out. */
export function checklistRows(
  view: IncidentView,
  steps: readonly StepState[],
  shownId: string | null,
  hasFocus: boolean,
  columns: number,
): readonly Row[] {
  const { incident, activity } = view;
  const handId = stepInHandId(view);
  if (steps.length === 0) return [[span(' None. f shows all again.', 'dim')]];
  return steps.map((step) => {
    const isShown = step.id === shownId;
    const mark = markFor(step, view);
    const isHand = step.id === handId;
    const title = foreign(step.definition.title);
    const result = foreign(activity?.stepId === step.id ? DOING[activity.kind] : shortResult(step, incident));
    const fits = columns - 3 - textWidth(title) - 1 >= textWidth(result);
    // A name that cannot be read is worse than a result that can be seen in the pane beside it.
    const short = fits ? result : (result.split(' · ')[0] ?? '');
    const isShortFit = columns - 3 - Math.min(textWidth(title), 14) - 1 >= textWidth(short);
    return spread(
      [
        span(isShown && (hasFocus || !isHand) ? '❯' : ' ', hasFocus ? 'accent' : 'dim'),
        span(`${mark.sign} `, STYLES[keyOf(mark)]),
        span(title, isHand ? 'strong' : undefined),
      ],
      isShortFit && short !== '' ? [span(short, 'dim')] : [],
      columns,
    );
  });
}

function markFor(step: StepState, view: IncidentView): Mark {
  const isWorking = view.activity?.stepId === step.id && step.status === 'todo';
  return isWorking ? MARKS.running : markOf(step, view.incident);
}

function keyOf(mark: Mark): string {
  return Object.entries(MARKS).find(([, value]) => value === mark)?.[0] ?? 'todo';
}

/** `Checklist` and `4/10`, for the pane's border. */
export function checklistProgress(view: IncidentView): string {
  const { finished, total } = progressOf(view.incident);
  return `${finished}/${total}`;
}
