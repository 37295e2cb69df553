import { z } from 'zod';
import { cidrParameter, durationParameter, endpointParameter } from '../playbook/parameter-types.ts';
import { type Action, isNever, parametersOf } from './action.ts';

const parameters = z.strictObject({
  allow: z
    .array(cidrParameter())
    .default([])
    .describe('addresses or networks that may still talk to the host'),
  'allow-dns': z.boolean().default(false).describe('let name look-ups through (a way out for data as well)'),
  'confirm-within': durationParameter()
    .default(60_000)
    .describe('isolation takes itself back unless confirmed within this time'),
  'must-reach': endpointParameter()
    .default(null)
    .describe('address:port that must still answer (tested when nobody is there to confirm)'),
  'must-not-reach': endpointParameter()
    .default(null)
    .describe('address:port that must no longer answer (tested likewise)'),
});

/** Cut the host off from everything but the responder. */
export const isolate: Action = {
  name: 'isolate',
  summary: 'let only the allowed peers and your own connection through; takes itself back unless confirmed',
  parameters,
  scopes: [],
  isRemedy: false,
  concerns: isNever,
  isChosenAtFirst: isNever,
  plan(input) {
    const given = parametersOf(parameters, input);
    const { responderAddress, firewall } = input.facts;
    const remarks: string[] = [];
    if (firewall === 'none')
      remarks.push(
        'No firewall tool was found on the host: isolate it in your cloud console instead, and skip this step.',
      );
    if (responderAddress) remarks.push(`Your own connection from ${responderAddress} stays open.`);
    else if (firewall === 'windows')
      remarks.push(
        'From where you come is not known (several are connected over Remote Desktop, or you sit at the console): name your address in `allow`, or this cuts you off until it takes itself back.',
      );
    else
      remarks.push(
        'You are not connected over SSH as far as can be seen: only the allowed peers will get in.',
      );
    if (given.allow.length === 0)
      remarks.push('No other peer is allowed: monitoring, backup and users are cut off too.');
    return {
      operations: [
        {
          target: {
            kind: 'isolate-host',
            allowedPeers: given.allow,
            allowDns: given['allow-dns'],
            confirmWithinMs: given['confirm-within'],
            mustReach: given['must-reach'],
            mustNotReach: given['must-not-reach'],
          },
          because: [],
        },
      ],
      checkedAfter: 'the rules are in force, and you are still connected',
      remarks,
    };
  },
};
