import type { StepState } from '../../engine/incident.ts';
import { isIsolated } from '../../engine/select.ts';
import { notUndoable, undoable } from '../../engine/why-not.ts';
import type { Situation } from '../incident/situation.ts';
import { foreign } from '../look/theme.ts';
import { countOf, namesOf } from '../look/words.ts';
import type { Menu, Option } from './menu.ts';

/** Leaving never loses anything; what it means depends on what is going on. */
export function leaveMenu({ view, ui }: Situation): Menu {
  const { activity, question } = view;
  const lines: string[] = [];
  const options: Option[] = [{ id: 'stay', key: 's', label: 'Stay', detail: 'go on here' }];
  if (activity === null) {
    lines.push(`Everything is written down. ${foreign(ui.resumeCommand)} goes on from here.`);
    options.push({ id: 'leave', key: 'l', label: 'Leave', detail: 'the incident stays open' });
  } else {
    lines.push(
      `Something is running. What it has done so far is written down; ${foreign(ui.resumeCommand)} goes on from there.`,
    );
    options.push(
      { id: 'leave', key: 'l', label: 'Leave after it', detail: 'waits for a safe point of what is running' },
      {
        id: 'stop-and-leave',
        key: 'x',
        label: 'Stop it and leave',
        detail: 'as soon as it can be stopped cleanly',
      },
    );
  }
  if (question?.kind === 'confirmation') {
    lines.push('The isolation is not confirmed: when you leave now, it is taken back.');
  } else if (isIsolated(view.incident)) lines.push('What was done stays as it is: the host stays isolated.');
  return { purpose: 'leave', stepId: null, title: 'Leave?', lines, options };
}

export function undoMenu(step: StepState): Menu {
  const back = undoable(step);
  const stays = notUndoable(step);
  const lines = [
    `${countOf(back.length, 'operation')} would be taken back, newest first: ${namesOf(back.map((state) => state.operation))}.`,
  ];
  if (stays.length > 0) {
    lines.push(`Cannot be taken back: ${namesOf(stays.map((state) => state.operation))}.`);
  }
  return {
    purpose: 'undo',
    stepId: step.id,
    title: `Undo “${foreign(step.definition.title)}”?`,
    lines,
    options: [
      { id: 'stay', key: 'k', label: 'Keep it', detail: 'change nothing' },
      { id: 'undo', key: 'y', label: 'Take it back', detail: 'the step is then open again' },
    ],
  };
}
