import type { Question } from '../../engine/effect.ts';
import {
  goChoice,
  noteChoice,
  outputChoice,
  quitChoice,
  shellChoices,
  tickChoice,
  undoChoice,
} from '../common-choices.ts';
import { askMenu, tell } from '../menu.ts';
import { headline } from '../step-lines.ts';
import type { Talk } from '../talk.ts';

/** Every step is behind: close the incident, or go back to one. */
export async function askFinished(
  talk: Talk,
  question: Extract<Question, { kind: 'all-finished' }>,
): Promise<void> {
  const { incident } = talk.handle.view();
  talk.say();
  talk.say('Every step is finished:');
  for (const step of incident.steps) {
    talk.say(`  ${headline(step, incident)}${step.reason === null ? '' : ` - ${step.reason}`}`);
  }
  if (question.unfinished.length > 0) talk.say(`Not done: ${question.unfinished.join(', ')}.`);
  await askMenu(talk, [
    {
      word: '(c)lose',
      help: 'close the incident; with a word on how it ended',
      act: async (rest) => {
        const typed = rest === '' ? await talk.ask('A word on how it ended (nothing: "finished") >') : rest;
        if (typed === null) return;
        await tell(talk, { kind: 'close-incident', reason: typed === '' ? 'finished' : typed });
      },
    },
    tickChoice(talk, null),
    goChoice(talk, false),
    undoChoice(talk),
    noteChoice(talk, null),
    ...shellChoices(talk, null),
    outputChoice(talk),
    quitChoice(talk),
  ]);
}
