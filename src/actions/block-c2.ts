import { z } from 'zod';
import { addressParameter } from '../playbook/parameter-types.ts';
import { type Action, isMalicious, type PlanInput, type PlannedOperation, parametersOf } from './action.ts';
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
    const { because, remarks } = addressesToBlock(parametersOf(parameters, input).extra, input);
    const operations = [...because].map(
      ([address, ids]): PlannedOperation => ({ target: { kind: 'block-address', address }, because: ids }),
    );
    return { operations, checkedAfter: 'each address has its rule, both ways', remarks };
  },
};

/** Those named and those of the connections chosen, each with the findings that it answers; never the responder's own. */
export function addressesToBlock(
  extra: readonly string[],
  { chosen, facts }: Pick<PlanInput, 'chosen' | 'facts'>,
): { readonly because: ReadonlyMap<string, readonly string[]>; readonly remarks: readonly string[] } {
  const because = new Map<string, readonly string[]>(extra.map((address) => [address, []]));
  const remarks: string[] = [];
  for (const { subject, id } of chosen) {
    if (subject.kind !== 'connection') continue;
    if (subject.remoteAddress === facts.responderAddress)
      remarks.push(`${subject.remoteAddress} is where you are connected from: it is not blocked.`);
    else because.set(subject.remoteAddress, [...(because.get(subject.remoteAddress) ?? []), id]);
  }
  return { because, remarks };
}
