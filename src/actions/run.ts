import { z } from 'zod';
import { type Action, isNever } from './action.ts';

/** A command of the playbook's own. */
export const run: Action = {
  name: 'run',
  summary: "a command of the playbook's own (`run:`)",
  parameters: z.strictObject({}),
  scopes: [],
  isRemedy: false,
  concerns: isNever,
  isChosenAtFirst: isNever,
  plan({ command, facts }) {
    const { leftToPerson } = facts;
    if (leftToPerson !== undefined) {
      const { why, ...byHand } = leftToPerson;
      return {
        operations: [],
        checkedAfter: 'what you record',
        remarks: [why, 'It is yours to do by hand.'],
        byHand,
      };
    }
    return {
      operations: command === null ? [] : [{ target: command, because: [] }],
      checkedAfter: command?.verify ? 'its own check: the `verify:` of the step' : 'the command ends with 0',
      remarks: [
        ...(command?.undo || command?.risk === 'read-only' ? [] : ['The step says no way to undo it.']),
        ...(command?.on === 'responder' && facts.isResponderOnHost ? [ON_HOST] : []),
      ],
    };
  },
};

const ON_HOST =
  'It belongs where you are, and you are on the host itself: what it uses can be read by whoever else is root here.';
