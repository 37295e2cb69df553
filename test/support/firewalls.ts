import type { Namespace } from './namespace.ts';

/** The kinds of firewall that tests go through, each in a namespace that `setup` has prepared. */
export interface FirewallKind {
  readonly title: string;
  readonly backend: 'nft' | 'iptables';
  readonly setup: string;
  /** What of ours is there; '' if nothing. */
  ours(namespace: Namespace): string;
  /** Takes one rule of a block away, as somebody else could. */
  sabotageBlock(namespace: Namespace): void;
  /** Makes a hole in an isolation, as somebody else could. */
  sabotageIsolation(namespace: Namespace): void;
  /** Takes away what of the sabotage is not in our own chains. */
  undoSabotage(namespace: Namespace): void;
}

/** Rules of the host's own, IPv4 and IPv6, as a server has them; they must be there unchanged whatever we do. */
const FOREIGN = `
nft -f - <<'END'
table inet filter {
  set friends { type ipv4_addr; elements = { 192.0.2.2 } }
  chain input { type filter hook input priority filter; policy accept; ip saddr @friends tcp dport 7000 accept; tcp dport 9 drop comment "theirs"; }
  chain output { type filter hook output priority filter; policy accept; udp dport 9 reject; }
}
table ip nat {
  chain post { type nat hook postrouting priority srcnat; policy accept; ip daddr 203.0.113.200 masquerade; }
}
END
`;
const FOREIGN_IPTABLES = `
for tool in iptables ip6tables; do
  $tool -N F2B; $tool -A F2B -p tcp --dport 9 -j REJECT; $tool -A F2B -j RETURN
  $tool -A INPUT -p tcp --dport 22 -j ACCEPT; $tool -I INPUT 1 -j F2B
  $tool -A FORWARD -p tcp --dport 9 -j DROP; $tool -A OUTPUT -p udp --dport 9 -j DROP
done
`;

const ourChains = (namespace: Namespace) =>
  namespace.shell('for tool in iptables ip6tables; do $tool -S | grep TOURNIQUET || true; done');

/** The machine's `iptables` is whichever; in the namespace it is the one wanted. */
function iptablesKind(variant: 'legacy' | 'nft'): FirewallKind {
  return {
    title: `iptables (${variant})`,
    backend: 'iptables',
    setup: `
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  [ "$(readlink -f /usr/sbin/$name)" = /usr/sbin/xtables-${variant}-multi ] || mount --bind /usr/sbin/xtables-${variant}-multi "$(readlink -f /usr/sbin/$name)"
done
iptables -V | grep -q '${variant === 'nft' ? 'nf_tables' : 'legacy'}'
${FOREIGN_IPTABLES}`,
    ours: ourChains,
    sabotageBlock: (namespace) => {
      namespace.shell('iptables -F TOURNIQUET-BLOCK-OUT');
    },
    sabotageIsolation: (namespace) => {
      namespace.shell('ip6tables -I OUTPUT 1 -p tcp --dport 443 -j ACCEPT');
    },
    undoSabotage: (namespace) => {
      namespace.shell('ip6tables -D OUTPUT -p tcp --dport 443 -j ACCEPT');
    },
  };
}

export const FIREWALLS: readonly FirewallKind[] = [
  {
    title: 'nft',
    backend: 'nft',
    setup: FOREIGN,
    ours: (namespace) => namespace.shell('nft list tables | grep tourniquet || true'),
    sabotageBlock: (namespace) => {
      namespace.shell('nft flush chain inet tourniquet_block output');
    },
    sabotageIsolation: (namespace) => {
      namespace.shell('nft insert rule inet tourniquet_isolate output tcp dport 443 accept');
    },
    undoSabotage: () => undefined,
  },
  iptablesKind('nft'),
  iptablesKind('legacy'),
];

/** All rules but ours, without counters: equal before and after. */
export function foreignRules(namespace: Namespace): string {
  return namespace.shell(`
nft -s list tables | grep -v tourniquet | while read -r word family name; do
  case $family-$name in ip-filter | ip6-filter) ;; *) nft -s list table "$family" "$name" ;; esac
done
for tool in iptables ip6tables; do $tool -S | grep -v TOURNIQUET; done
`);
}
