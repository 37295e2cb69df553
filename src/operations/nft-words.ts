import { type FirewallRule, isIpv6, type PacketMatch } from './firewall-rules.ts';

/** The words that follow `nft add rule inet TABLE CHAIN` for a rule (nft(8)). Drops are counted. */
export function nftWords(rule: FirewallRule): string {
  const matches = rule.matches.map((match) => matchWords(match, rule));
  return [...matches, rule.verdict === 'drop' ? 'counter drop' : 'accept'].join(' ');
}

function matchWords(match: PacketMatch, { hook }: FirewallRule): string {
  switch (match.kind) {
    case 'loopback':
      return `${hook === 'output' ? 'oifname' : 'iifname'} "lo"`;
    case 'address':
      return `${isIpv6(match.address) ? 'ip6' : 'ip'} ${match.side === 'source' ? 'saddr' : 'daddr'} ${match.address}`;
    case 'port':
      return `${match.protocol} ${match.side === 'source' ? 'sport' : 'dport'} ${match.port}`;
    case 'state':
      return `ct state ${match.state}`;
    case 'icmp':
      return 'meta l4proto { icmp, ipv6-icmp }';
    case 'neighbour-discovery':
      // A hop limit of 255 cannot have come through a router (RFC 4861, 7.1).
      return 'ip6 hoplimit 255 icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert }';
    case 'multicast-listener':
      // Never routed (RFC 3810, 5). nft(8) calls type 132 "done" and 143 "mld2".
      return 'ip6 hoplimit 1 icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report }';
  }
}
