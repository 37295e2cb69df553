/**
 * The rules that tourniquet adds to a host's firewall, as data: what is shown before approval and what
 * host/firewall/ loads come from here, so that they cannot differ.
 *
 * Everything lies in two nftables tables of our own (or chains of our own where only iptables is there).
 * Their base chains are hooked with priority -10: after destination NAT (-100, nft(8)), so that an address
 * hidden behind a local redirection is seen as it really is, and before the host's own filter rules (0).
 * A drop ends a packet for good; an accept only passes it on to the host's own rules, which stay as they are.
 */
export const BLOCK_TABLE = 'tourniquet_block';
export const ISOLATE_TABLE = 'tourniquet_isolate';
export const HOOKS = ['input', 'output', 'forward'] as const;
export type Hook = (typeof HOOKS)[number];
export const PRIORITY = -10;

export interface IsolationPolicy {
  /** Addresses and CIDRs, canonical, the responder's own peer included. */
  readonly peers: readonly string[];
  readonly allowDns: boolean;
  /** Where DNS may go; empty: anywhere. */
  readonly resolvers: readonly string[];
}

/** One rule as the words after `nft add rule inet TABLE HOOK`. */
export interface NftRule {
  readonly hook: Hook;
  readonly words: string;
}

export function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** Drops both ways and for routed traffic. Stateless: connections that stand already go dead as well. */
export function blockRules(address: string): readonly NftRule[] {
  const family = isIpv6(address) ? 'ip6' : 'ip';
  return [
    { hook: 'input', words: `${family} saddr ${address} counter drop` },
    { hook: 'output', words: `${family} daddr ${address} counter drop` },
    { hook: 'forward', words: `${family} saddr ${address} counter drop` },
    { hook: 'forward', words: `${family} daddr ${address} counter drop` },
  ];
}

/** What gets through while the host is isolated, then the drop that makes it so. */
export function isolationRules(policy: IsolationPolicy): readonly NftRule[] {
  return [
    { hook: 'input', words: 'iifname "lo" accept' },
    { hook: 'output', words: 'oifname "lo" accept' },
    ...policy.peers.flatMap(peerRules),
    ...NEIGHBOUR_RULES,
    ...DHCP_RULES,
    ...(policy.allowDns ? dnsRules(policy.resolvers) : []),
    ...HOOKS.map((hook) => ({ hook, words: 'counter drop' })),
  ];
}

function peerRules(peer: string): readonly NftRule[] {
  const family = isIpv6(peer) ? 'ip6' : 'ip';
  return [
    { hook: 'input', words: `${family} saddr ${peer} accept` },
    { hook: 'output', words: `${family} daddr ${peer} accept` },
    { hook: 'forward', words: `${family} saddr ${peer} accept` },
    { hook: 'forward', words: `${family} daddr ${peer} accept` },
  ];
}

/** Without these an IPv6 link is dead (RFC 4890, 4.4.1); ICMP errors of an allowed connection carry its path MTU. */
const NEIGHBOUR_TYPES = 'nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert';
const NEIGHBOUR_RULES: readonly NftRule[] = [
  { hook: 'input', words: `ip6 hoplimit 255 icmpv6 type { ${NEIGHBOUR_TYPES} } accept` },
  { hook: 'output', words: `ip6 hoplimit 255 icmpv6 type { ${NEIGHBOUR_TYPES} } accept` },
  { hook: 'input', words: 'meta l4proto { icmp, ipv6-icmp } ct state related accept' },
];

/** A lease that runs out would cut the responder off. */
const DHCP_RULES: readonly NftRule[] = [
  { hook: 'output', words: 'udp sport 68 udp dport 67 accept' },
  { hook: 'input', words: 'udp sport 67 udp dport 68 accept' },
  { hook: 'output', words: 'udp sport 546 udp dport 547 accept' },
  { hook: 'input', words: 'udp sport 547 udp dport 546 accept' },
];

function dnsRules(resolvers: readonly string[]): readonly NftRule[] {
  const to =
    resolvers.length === 0 ? [''] : resolvers.map((one) => `${isIpv6(one) ? 'ip6' : 'ip'} daddr ${one} `);
  return [
    ...to.flatMap((match): NftRule[] => [
      { hook: 'output', words: `${match}udp dport 53 accept` },
      { hook: 'output', words: `${match}tcp dport 53 accept` },
    ]),
    ...to
      .map((match) => match.replace('daddr', 'saddr'))
      .flatMap((match): NftRule[] => [
        { hook: 'input', words: `${match}udp sport 53 ct state established accept` },
        { hook: 'input', words: `${match}tcp sport 53 ct state established accept` },
      ]),
  ];
}
