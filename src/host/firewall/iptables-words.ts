import { type FirewallRule, isIpv6, type PacketMatch } from '../../operations/firewall-rules.ts';
import type { Family } from './firewall.ts';

/**
 * A rule as iptables-restore reads it, without `-A CHAIN`: none if it does not concern the family, several where
 * one match of nft's takes more than one. A pass is RETURN: the packet goes on to the host's own rules.
 */
export function iptablesWords(rule: FirewallRule, family: Family): readonly string[] {
  const target = rule.verdict === 'drop' ? '-j DROP' : '-j RETURN';
  let specs = [''];
  for (const match of rule.matches) {
    const ways = waysOf(match, rule, family);
    specs = specs.flatMap((spec) => ways.map((way) => `${spec}${way} `));
  }
  return specs.map((spec) => `${mergeProtocols(spec)}${target}`);
}

function waysOf(match: PacketMatch, { hook }: FirewallRule, family: Family): readonly string[] {
  switch (match.kind) {
    case 'loopback':
      return [hook === 'output' ? '-o lo' : '-i lo'];
    case 'address':
      if (isIpv6(match.address) !== (family === 'ipv6')) return [];
      return [`${match.side === 'source' ? '-s' : '-d'} ${match.address}`];
    case 'port':
      return [`-p ${match.protocol} ${match.side === 'source' ? '--sport' : '--dport'} ${match.port}`];
    case 'state':
      return [`-m conntrack --ctstate ${match.state.toUpperCase()}`];
    case 'icmp':
      return [family === 'ipv4' ? '-p icmp' : '-p ipv6-icmp'];
    case 'neighbour-discovery':
      // Router solicitation and advertisement, neighbour solicitation and advertisement (RFC 4861, 4).
      return icmpv6(family, [133, 134, 135, 136]);
    case 'multicast-listener':
      // Query, report, done, version 2 report (RFC 2710, 3; RFC 3810, 5).
      return icmpv6(family, [130, 131, 132, 143]);
  }
}

function icmpv6(family: Family, types: readonly number[]): readonly string[] {
  return family === 'ipv4' ? [] : types.map((type) => `-p ipv6-icmp --icmpv6-type ${type}`);
}

/** `-p` may be given only once. */
function mergeProtocols(spec: string): string {
  return spec.replace(/^(.*-p (\w+).*)-p \2 /, '$1');
}
