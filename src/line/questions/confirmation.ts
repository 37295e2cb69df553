import type { Question } from '../../engine/effect.ts';
import { undoable } from '../../engine/why-not.ts';
import { describeOperation } from '../../operations/describe.ts';
import { tell } from '../menu.ts';
import type { Talk } from '../talk.ts';

/** A change that takes itself back unless somebody who is still there says that it may stay. */
export async function askConfirmation(
  talk: Talk,
  question: Extract<Question, { kind: 'confirmation' }>,
): Promise<void> {
  const { operationId, stepId, beforeMs } = question;
  const step = talk.handle.view().incident.steps.find((candidate) => candidate.id === stepId);
  const state = step?.operations.find((candidate) => candidate.operation.id === operationId);
  const title = state === undefined ? operationId : describeOperation(state.operation).title;
  talk.say();
  talk.say(`${title} is in force, until it is kept.`);
  while (talk.isCurrent()) {
    const seconds = Math.max(0, Math.ceil((beforeMs - talk.settings.nowMs()) / 1000));
    const typed = await talk.ask(
      `You are still connected? Enter within ${seconds} s keeps it, otherwise it is taken back. (t)ake back now (q)uit >`,
    );
    if (typed === null) return;
    if (typed === '' || /^(k|keep|y|yes)$/i.test(typed)) {
      await tell(talk, { kind: 'confirm-operation', operationId, how: 'responder' });
    } else if (/^(t|take|n|no)$/i.test(typed)) {
      if (step !== undefined && undoable(step).length > 0) await tell(talk, { kind: 'undo-step', stepId });
      else talk.say('Do nothing, and it takes itself back.');
    } else if (/^(q|quit)$/i.test(typed)) {
      talk.say('It takes itself back when its time is over.');
      talk.leaving = 'the responder left';
    } else {
      talk.say('Press Enter to keep it, or type t or q.');
    }
  }
}
