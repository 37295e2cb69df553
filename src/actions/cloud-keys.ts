import type { CloudRequest } from '../operations/cloud.ts';
import type { ActionPlan } from './action.ts';
import { type CallTarget, type DeedInput, keyRemarks, planOf } from './cloud-deed.ts';

/** How a provider's calls say it. */
export interface KeyCalls {
  /** What is alike for all calls of the provider. */
  readonly base: Pick<CallTarget, 'kind' | 'provider' | 'risk' | 'waitMs' | 'before'>;
  readonly set: (user: string, id: string, status: 'Active' | 'Inactive') => CloudRequest;
  readonly list: (user: string) => CloudRequest;
  /** Where in the list's answer the status of a key stands. */
  readonly statusAt: (id: string) => string;
}

/** Switches off every key that was asked for, is active, and does not sign our own calls. */
export function disableKeys({ machine }: DeedInput, { base, set, list, statusAt }: KeyCalls): ActionPlan {
  return planOf(
    machine.keys
      .filter(({ isActive, isOwn }) => isActive === true && !isOwn)
      .map(({ user, id }): CallTarget => {
        const listed = { request: list(user), at: statusAt(id) };
        return {
          ...base,
          title: `Inactivate access key ${id} of ${user}`,
          before: [{ ...listed, is: ['Active'] }],
          requests: [set(user, id, 'Inactive')],
          after: { ...listed, is: ['Inactive'] },
          undo: [set(user, id, 'Active')],
          undoNote: 'Makes the key active again. Whoever has taken it can then use it again.',
        };
      }),
    'the keys are inactive',
    [
      ...keyRemarks(machine),
      'Whatever uses such a key stops working. Give it a new one first where it must not stop.',
    ],
  );
}
