import { z } from 'zod';
import type { CloudFacts, CloudPlace, CloudQuestion, CloudWant } from '../operations/cloud.ts';
import { addressParameter, cidrParameter } from '../playbook/parameter-types.ts';
import { type Action, type ActionPlan, isNever, parametersOf } from './action.ts';
import { alibabaDeeds } from './cloud-alibaba.ts';
import { awsDeeds } from './cloud-aws.ts';
import { byHand } from './cloud-by-hand.ts';
import { CLOUD_DEEDS, type CloudDeed, type DeedInput } from './cloud-deed.ts';

export const cloudParameters = z.strictObject({
  provider: z.enum(['alibaba', 'aws']).describe('whose API is called'),
  do: z.enum(CLOUD_DEEDS).describe('what is done in the cloud'),
  instance: z
    .string()
    .default('')
    .describe('which instance the host is; empty: what the host’s metadata says'),
  region: z.string().default('').describe('its region; empty: what the host’s metadata says'),
  keys: z
    .array(z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'expected USER/KEYID'))
    .default([])
    .describe('access keys that lay on the host, each as USER/KEYID'),
  allow: z
    .array(cidrParameter())
    .default([])
    .describe('who may still log in to a host in the quarantine group; your own address is added'),
  port: z.number().int().min(1).max(65535).default(22).describe('where they log in'),
  alerts: z
    .array(z.string())
    .default([])
    .describe('ids of alerts; empty: those of this host that speak of mining'),
  similar: z.boolean().default(true).describe('handle alerts of the same kind together'),
  addresses: z.array(addressParameter()).default([]).describe('addresses to block in the cloud'),
  image: z
    .string()
    .default('')
    .describe('the official image that the system disk is built from; empty: it is left to you'),
  'key-pair': z.string().default('').describe('who may log in to what was built anew: a key pair’s name'),
});

/** What is done in the cloud around the host, by calls that are made where the responder is. */
export const cloud: Action = {
  name: 'cloud',
  summary:
    'do something in the cloud around the host, by its API, from where you are; without a way to it, say what to do by hand',
  parameters: cloudParameters,
  scopes: [],
  isRemedy: false,
  concerns: isNever,
  isChosenAtFirst: isNever,
  cloudQuestion(values, place, label): CloudQuestion {
    const { provider, instance, region, keys, do: deed } = cloudParameters.parse(values);
    const here = place?.provider === provider ? place : null;
    return {
      provider,
      instance: instance || (here?.instance ?? ''),
      region: region || (here?.region ?? ''),
      keys: deed === 'disable-keys' ? keys : [],
      wants: WANTS[deed] ?? [],
      label,
    };
  },
  plan(input) {
    const values = parametersOf(cloudParameters, input);
    const { cloud: known, cloudPlace = null } = input.facts;
    if (known === undefined)
      return {
        operations: [],
        checkedAfter: 'what you record',
        remarks: ['From here no cloud can be called.'],
        byHand: byHand(values.do, values.provider, null, cloudPlace, values),
      };
    const differing = otherInstance(known, cloudPlace);
    if (known.machine === null || differing !== null)
      return {
        operations: [],
        checkedAfter: 'what you record',
        remarks: [
          differing ?? known.unavailable ?? 'The cloud did not answer.',
          'It is yours to do by hand.',
        ],
        byHand: byHand(values.do, values.provider, known, cloudPlace, values),
      };
    const deeds: Readonly<Record<CloudDeed, (given: DeedInput) => ActionPlan>> =
      values.provider === 'aws' ? awsDeeds : alibabaDeeds;
    const allow = allowed(values.allow, input.facts.responderAddress);
    const plan = deeds[values.do]({
      ...{ ...values, keyPair: values['key-pair'], allow, facts: known, machine: known.machine },
      byHand: () => byHand(values.do, values.provider, known, cloudPlace, values),
    });
    return { ...plan, remarks: [...whose(known), ...plan.remarks] };
  },
};

const WANTS: { readonly [D in CloudDeed]?: readonly CloudWant[] } = {
  'read-alerts': ['alerts'],
  'handle-alerts': ['alerts'],
  'deep-scan': ['infections'],
  'prevent-intrusion': ['intrusion-prevention'],
};

/** The responder's own address as the host sees it is the one that the group will see. */
function allowed(named: readonly string[], own: string | null): readonly string[] {
  const whole = (address: string) =>
    address.includes('/') ? address : `${address}/${address.includes(':') ? 128 : 32}`;
  return [...new Set([...named, ...(own === null ? [] : [own])].map(whole))];
}

/** A host that lies could name another machine, which would then be cut off in its place. */
function otherInstance({ instance }: CloudFacts, place: CloudPlace | null): string | null {
  return place === null || place.instance === instance
    ? null
    : `The playbook’s inputs name ${instance}, the host says that it is ${place.instance}. One of them is wrong: nothing is called before they agree.`;
}

function whose({ machine, instance, region, isOnHost }: CloudFacts): string[] {
  const { name = '', addresses = [] } = machine ?? {};
  return [
    `${instance} in ${region} is ${name === '' ? 'without a name' : `“${name}”`} at ${addresses.join(', ')}: is that the host that you are at?`,
    ...(isOnHost
      ? [
          'You are working on the host itself: credentials used here can be read by whoever else is root on it. Better run this from your own machine (`--host`).',
        ]
      : []),
  ];
}
