import type { Question } from '../../engine/effect.ts';
import {
  byHandChoice,
  lookAgainChoice,
  noteChoice,
  outputChoice,
  quitChoice,
  shellChoices,
  skipChoice,
  undoChoice,
} from '../common-choices.ts';
import { askMenu, tell } from '../menu.ts';
import { headline } from '../step-lines.ts';
import type { Talk } from '../talk.ts';

/** A step that failed: again, leave it so, something else instead, or take back what it did. */
export async function askFailure(
  talk: Talk,
  question: Extract<Question, { kind: 'failure' }>,
): Promise<void> {
  const { stepId, reason } = question;
  const { incident } = talk.handle.view();
  const step = incident.steps.find((candidate) => candidate.id === stepId);
  talk.say();
  if (step !== undefined) talk.say(headline(step, incident));
  talk.say(`  failed: ${reason}`);
  await askMenu(talk, [
    lookAgainChoice(talk, stepId, '(a)gain'),
    {
      word: '(l)eave',
      help: 'leave it failed and go on with the next step',
      act: async () => {
        await tell(talk, { kind: 'accept-failure', stepId });
      },
    },
    skipChoice(talk, stepId),
    byHandChoice(talk, stepId),
    undoChoice(talk),
    noteChoice(talk, stepId),
    ...shellChoices(talk, stepId),
    outputChoice(talk),
    quitChoice(talk),
  ]);
}
