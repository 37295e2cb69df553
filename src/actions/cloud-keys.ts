import type { CloudRequest } from '../operations/cloud.ts';
import type { ActionPlan } from './action.ts';
import { type CallTarget, type DeedInput, keyRemarks, planOf } from './cloud-deed.ts';

/** How a provider's calls say it. */
export interface KeyCalls {
  /** What is alike for all calls of the provider. */
  readonly base: Pick<CallTarget, 'kind' | 'provider' | 'risk' | 'waitMs' | 'before'>;
  readonly call: (action: string, parameters: CloudRequest['parameters']) => CloudRequest;
  /** What a call names the key by. */
  readonly idName: string;
  /** Where in the answer of `ListAccessKeys` the keys stand. */
  readonly keysAt: string;
}

/** Switches off every key that was asked for, is active, and does not sign our own calls. */
export function disableKeys({ machine }: DeedInput, { base, call, idName, keysAt }: KeyCalls): ActionPlan {
  const set = (user: string, id: string, Status: 'Active' | 'Inactive') =>
    call('UpdateAccessKey', { UserName: user, [idName]: id, Status });
  return planOf(
    machine.keys
      .filter(({ isActive, isOwn }) => isActive === true && !isOwn)
      .map(({ user, id }): CallTarget => {
        const request = call('ListAccessKeys', { UserName: user });
        const listed = { request, at: `${keysAt}[AccessKeyId=${id}].Status` };
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
