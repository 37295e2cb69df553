import { gatherLines } from './gather-lines.ts';
import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import type { Ownership } from './owning.ts';

/** Whom this host asks for addresses: resolv.conf(5). */
export async function enumerateResolvers(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const of = { scope: 'sources', path: '/etc/resolv.conf', role: 'resolver-line' } as const;
  const count = await gatherLines(look, gathered, ownership, of, (text) => {
    const address = /^\s*nameserver\s+(\S+)/.exec(text)?.[1];
    return address === undefined ? null : { details: { address: address.toLowerCase() } };
  });
  return count ?? 0;
}
