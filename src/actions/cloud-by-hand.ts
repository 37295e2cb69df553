import type { CalledCloud, CloudFacts, CloudPlace } from '../operations/cloud.ts';
import { shellQuote } from '../operations/shell-quote.ts';
import type { ActionPlan } from './action.ts';
import { byHandAtAlibaba } from './by-hand-alibaba.ts';
import { byHandAtAws } from './by-hand-aws.ts';
import type { KnownByHand } from './by-hand-known.ts';
import type { CloudDeed } from './cloud-deed.ts';

/** The same step as a person does it elsewhere, with what is known of this host filled in, and what to write down. */
export function byHand(
  deed: CloudDeed,
  provider: CalledCloud,
  facts: CloudFacts | null,
  place: CloudPlace | null,
  { keys, addresses, image }: Pick<KnownByHand, 'keys' | 'addresses' | 'image'>,
): NonNullable<ActionPlan['byHand']> {
  const here = place?.provider === provider ? place : null;
  const or = (list: readonly string[] | undefined, placeholder: string) =>
    list === undefined || list.length === 0 ? [placeholder] : list.map(shellQuote);
  const known: KnownByHand = {
    instance: shellQuote(facts?.instance || here?.instance || 'INSTANCE'),
    region: shellQuote(facts?.region || here?.region || 'REGION'),
    disks: or(here?.disks, provider === 'aws' ? 'VOLUME' : 'DISK'),
    interfaces: or(here?.interfaces, 'INTERFACE'),
    groups: or(here?.securityGroups, 'OLD-GROUP'),
    role: shellQuote(here?.role ?? 'ROLE'),
    keys,
    addresses,
    image: shellQuote(image || 'IMAGE'),
  };
  return provider === 'aws' ? byHandAtAws(deed, known) : byHandAtAlibaba(deed, known);
}
