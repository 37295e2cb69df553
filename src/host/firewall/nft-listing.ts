import { createHash } from 'node:crypto';

/** What `nft -j list table inet NAME` says (libnftables-json(5)), as far as we need it. */
export interface TableListing {
  readonly chains: readonly NftChain[];
  readonly rules: readonly NftListedRule[];
}

export interface NftChain {
  readonly name: string;
  /** null for a chain that is not hooked anywhere. */
  readonly hook: string | null;
  readonly priority: number | null;
}

export interface NftListedRule {
  readonly chain: string;
  readonly handle: number;
  readonly comment: string | null;
  readonly expressions: readonly unknown[];
}

/** Throws for a text that is no such listing: nft is not what it should be. */
export function parseTableListing(text: string): TableListing {
  const chains: NftChain[] = [];
  const rules: NftListedRule[] = [];
  for (const entry of entriesOf(text)) {
    const { chain, rule } = fieldsOf(entry);
    if (chain !== undefined) {
      const { name, hook, prio } = fieldsOf(chain);
      chains.push({
        name: String(name),
        hook: typeof hook === 'string' ? hook : null,
        priority: typeof prio === 'number' ? prio : null,
      });
    }
    if (rule !== undefined) {
      const { chain: inChain, handle, comment, expr } = fieldsOf(rule);
      rules.push({
        chain: String(inChain),
        handle: Number(handle),
        comment: typeof comment === 'string' ? comment : null,
        expressions: Array.isArray(expr) ? expr : [],
      });
    }
  }
  return { chains, rules };
}

/** Names of the `inet` tables in `nft -j list tables`. */
export function parseTables(text: string): readonly string[] {
  return entriesOf(text).flatMap((entry) => {
    const { family, name } = fieldsOf(fieldsOf(entry).table);
    return family === 'inet' && typeof name === 'string' ? [name] : [];
  });
}

/** Of chains and rules in order, without what changes by itself. */
export function fingerprint(listing: TableListing): string {
  const lasting = {
    chains: listing.chains,
    rules: listing.rules.map(({ chain, comment, expressions }) => ({
      chain,
      comment,
      expressions: expressions.map((one) => ('counter' in fieldsOf(one) ? 'counter' : one)),
    })),
  };
  return createHash('sha256').update(JSON.stringify(lasting)).digest('hex');
}

export function isDrop(rule: NftListedRule): boolean {
  return rule.expressions.some((one) => 'drop' in fieldsOf(one));
}

export function packetsOf(rule: NftListedRule): number {
  return rule.expressions.reduce<number>((sum, one) => {
    const { packets } = fieldsOf(fieldsOf(one).counter);
    return sum + (typeof packets === 'number' ? packets : 0);
  }, 0);
}

/** The address that a rule of ours is about: `ip saddr 192.0.2.1`. null if it is another rule. */
export function addressOf(rule: NftListedRule): { readonly field: string; readonly address: string } | null {
  for (const one of rule.expressions) {
    const { left, right } = fieldsOf(fieldsOf(one).match);
    const { field } = fieldsOf(fieldsOf(left).payload);
    if ((field === 'saddr' || field === 'daddr') && typeof right === 'string')
      return { field, address: right };
  }
  return null;
}

/** What `nft` printed is no listing: another version, or not nft at all. */
export class ListingError extends Error {
  override readonly name = 'ListingError';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function entriesOf(text: string): readonly unknown[] {
  const { nftables } = fieldsOf(parsed(text));
  if (!Array.isArray(nftables))
    throw new ListingError('nft -j printed something else than a list of its rules.');
  return nftables;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
