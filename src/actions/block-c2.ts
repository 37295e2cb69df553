import { z } from 'zod';
import { addressParameter } from '../playbook/parameter-types.ts';
import { type Action, isMalicious, type PlannedOperation, parametersOf } from './action.ts';
import { RUNNING } from './scopes.ts';

const parameters = z.strictObject({
  extra: z
    .array(addressParameter())
    .default([])
    .describe('further addresses to block, from an alert or a colleague'),
});

/** Drop everything to and from the addresses that the miner talks to. */
export const blockC2: Action = {
  name: 'block-c2',
  summary: 'drop everything to and from the addresses that the miner talks to or fetches from',
  parameters,
  scopes: RUNNING,
  isRemedy: true,
  concerns: (finding) => finding.subject.kind === 'connection',
  isChosenAtFirst: isMalicious,
  plan(input) {
    const because = new Map<string, string[]>();
    for (const address of parametersOf(parameters, input).extra) because.set(address, []);
    const remarks: string[] = [];
    for (const { subject, id } of input.chosen) {
      if (subject.kind !== 'connection') continue;
      if (subject.remoteAddress === input.facts.responderAddress) {
        remarks.push(`${subject.remoteAddress} is where you are connected from: it is not blocked.`);
        continue;
      }
      because.set(subject.remoteAddress, [...(because.get(subject.remoteAddress) ?? []), id]);
    }
    const operations = [...because].map(
      ([address, ids]): PlannedOperation => ({ target: { kind: 'block-address', address }, because: ids }),
    );
    return { operations, checkedAfter: 'each address has its rule, both ways', remarks };
  },
};
