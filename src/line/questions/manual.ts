import type { Question } from '../../engine/effect.ts';
import type { StepState } from '../../engine/incident.ts';
import { manualOf } from '../../engine/manual-part.ts';
import {
  goChoice,
  lookAgainChoice,
  noteChoice,
  outputChoice,
  quitChoice,
  shellChoices,
  skipChoice,
  tickChoice,
  undoChoice,
} from '../common-choices.ts';
import { askMenu, tell } from '../menu.ts';
import { checklistLines, headline } from '../step-lines.ts';
import type { Talk } from '../talk.ts';

/** A step that a person does: what to do, and what to write down of it. */
export async function askManual(talk: Talk, question: Extract<Question, { kind: 'manual' }>): Promise<void> {
  const { incident } = talk.handle.view();
  const step = incident.steps.find((candidate) => candidate.id === question.stepId);
  if (step === undefined) return;
  const manual = manualOf(step);
  const { why } = step.definition;
  talk.say();
  talk.say(headline(step, incident));
  for (const line of checklistLines(step)) talk.say(line);
  for (const line of manual?.record ?? []) talk.say(`  write down: ${line}`);
  for (const remark of step.plan?.remarks ?? []) talk.say(`  note: ${remark}`);
  await askMenu(talk, [
    {
      word: '(d)one',
      help: 'you have done it; asks what there is to write down',
      act: async () => {
        const record = await askRecord(talk, step);
        if (record !== null) await tell(talk, { kind: 'do-by-hand', stepId: step.id, record });
      },
    },
    {
      word: '(w)hy',
      help: 'why this step',
      act: async () => talk.say(`  ${why}`),
    },
    tickChoice(talk, step.id),
    // What could not be called may be callable now: after a login, or where there is a network again.
    ...(step.plan?.byHand ? [lookAgainChoice(talk, step.id)] : []),
    skipChoice(talk, step.id),
    undoChoice(talk),
    noteChoice(talk, step.id),
    ...shellChoices(talk, step.id),
    outputChoice(talk),
    quitChoice(talk),
    goChoice(talk),
  ]);
}

/** Each thing to record, asked for by itself; null if the responder went away or said nothing at all. */
async function askRecord(talk: Talk, step: StepState): Promise<string | null> {
  const items = manualOf(step)?.record ?? [];
  const said: string[] = [];
  for (const item of items.length === 0 ? ['What was done?'] : items) {
    const typed = await talk.ask(`${item} >`);
    if (typed === null) return null;
    if (typed !== '') said.push(items.length === 0 ? typed : `${item}: ${typed}`);
  }
  if (said.length > 0) return said.join('; ');
  talk.say('Nothing typed, nothing done: what was done must stand in the transcript.');
  return null;
}
