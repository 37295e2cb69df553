import type { Question } from '../../engine/effect.ts';
import { describeOperation } from '../../operations/describe.ts';
import { noteChoice, outputChoice, quitChoice, shellChoices } from '../common-choices.ts';
import { askMenu, type Choice, tell } from '../menu.ts';
import { headline } from '../step-lines.ts';
import type { Talk } from '../talk.ts';

/** An operation that was cut off, and the host cannot tell whether it happened. */
export async function askRecovery(
  talk: Talk,
  question: Extract<Question, { kind: 'recovery' }>,
): Promise<void> {
  const { operationId, stepId, detail } = question;
  const { incident } = talk.handle.view();
  const step = incident.steps.find((candidate) => candidate.id === stepId);
  const state = step?.operations.find((candidate) => candidate.operation.id === operationId);
  talk.say();
  if (step !== undefined) talk.say(headline(step, incident));
  talk.say(
    `  ${state === undefined ? operationId : describeOperation(state.operation).title} was begun and cut off.`,
  );
  talk.say(`  Whether it happened cannot be told: ${detail}`);
  if (state !== undefined) {
    for (const command of describeOperation(state.operation).commands) talk.say(`    ${command}`);
  }
  talk.say('  Look for yourself, then say: did it happen?');
  const answer = (word: string, help: string, didHappen: boolean): Choice => ({
    word,
    help,
    act: async () => {
      await tell(talk, { kind: 'answer-recovery', operationId, didHappen });
    },
  });
  await askMenu(talk, [
    answer('(y)es', 'it happened: go on after it', true),
    answer('(n)o', 'it did not: plan it again', false),
    { ...noteChoice(talk, stepId), word: 'n(o)te' },
    ...shellChoices(talk, stepId),
    { ...outputChoice(talk), word: 'o(u)tput' },
    quitChoice(talk),
  ]);
}
