import { z } from 'zod';
import { addressParameter } from '../playbook/parameter-types.ts';
import { type Action, isMalicious, parametersOf } from './action.ts';
import { addressesToBlock, blockC2 } from './block-c2.ts';
import { cloud, cloudParameters } from './cloud.ts';

const parameters = z.strictObject({
  ...cloudParameters.pick({ provider: true, instance: true, region: true }).shape,
  extra: z
    .array(addressParameter())
    .default([])
    .describe('further addresses to block, from an alert or a colleague'),
});

/** Drop the addresses that the miner talks to outside of the host, where nothing on it can get round that. */
export const blockInCloud: Action = {
  name: 'block-in-cloud',
  summary: 'drop the addresses that the miner talks to outside of the host, by a security group of its own',
  parameters,
  scopes: blockC2.scopes,
  isRemedy: false,
  concerns: blockC2.concerns,
  isChosenAtFirst: isMalicious,
  cloudQuestion(values, place, label) {
    const { extra: _extra, ...which } = parameters.parse(values);
    const question = cloud.cloudQuestion?.({ ...which, do: 'block-addresses' }, place, label);
    if (question === undefined) throw new Error('the action cloud asks nothing');
    return question;
  },
  plan(input) {
    const { extra, ...which } = parametersOf(parameters, input);
    const { because, remarks } = addressesToBlock(extra, input);
    const plan = cloud.plan({
      ...input,
      parameters: { ...which, do: 'block-addresses', addresses: [...because.keys()] },
    });
    const answered = [...because.values()].flat();
    return {
      ...plan,
      operations: plan.operations.map(({ target }) => ({ target, because: answered })),
      remarks: [...plan.remarks, ...remarks],
    };
  },
};
