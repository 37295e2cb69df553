/** What `iptables -v -S` says of the filter table (iptables(8)). */
export interface FilterListing {
  readonly chains: readonly string[];
  readonly rules: readonly ListedRule[];
}

export interface ListedRule {
  readonly chain: string;
  /** The words after `-A CHAIN `, without counters, as iptables-restore takes them. */
  readonly spec: string;
  /** What `-j` or `-g` names; null if nothing. */
  readonly target: string | null;
  readonly packets: number;
}

export function parseFilterListing(text: string): FilterListing {
  const chains: string[] = [];
  const rules: ListedRule[] = [];
  for (const line of text.split('\n')) {
    const made = /^-[NP] (\S+)/.exec(line)?.[1];
    if (made !== undefined) chains.push(made);
    const rule = /^-A (\S+) (.*)$/.exec(line);
    if (rule === null) continue;
    const [, chain = '', words = ''] = rule;
    rules.push({
      chain,
      spec: words.replace(COUNTERS, '').trim(),
      target: / ?-[jg] (\S+)/.exec(words)?.[1] ?? null,
      packets: Number(COUNTERS.exec(words)?.[1] ?? 0),
    });
  }
  return { chains, rules };
}

const COUNTERS = /(?<=^| )-c (\d+) \d+ ?/;

/**
 * Why packets of a built-in chain may never come to a chain of ours: no jump, or a rule before the jump that lets
 * some through for good. null if all of them come.
 */
export function whyNotReached(listing: FilterListing, from: string, to: string): string | null {
  const rules = listing.rules.filter(({ chain }) => chain === from);
  const jump = rules.findIndex(({ spec }) => spec === `-j ${to}`);
  if (jump < 0) return `${from} does not jump to ${to}`;
  const passing = rules
    .slice(0, jump)
    .find((rule) => !isOurChain(rule.target) && mayPass(listing, rule, new Set()));
  return passing === undefined
    ? null
    : `a rule of ${from} comes before ours and can let packets through: ${passing.spec}`;
}

export function isOurChain(name: string | null): boolean {
  return name?.startsWith('TOURNIQUET-') === true;
}

function mayPass(listing: FilterListing, rule: ListedRule, seen: Set<string>): boolean {
  const { target } = rule;
  if (target === null) return false;
  if (target === 'ACCEPT' || (target === 'RETURN' && seen.size === 0)) return true;
  if (!listing.chains.includes(target) || seen.has(target)) return false;
  const within = new Set([...seen, target]);
  return listing.rules.some((one) => one.chain === target && mayPass(listing, one, within));
}
