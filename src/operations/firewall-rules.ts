/**
 * The rules that tourniquet adds to a host's firewall, as data: what is shown before approval and what
 * host/firewall/ loads come from here, so that they cannot differ.
 *
 * With nftables they lie in two tables of our own. Their base chains are hooked with priority -10: after
 * destination NAT (-100, nft(8)), so that an address hidden behind a local redirection is seen as it really
 * is, and before the host's own filter rules (0). With iptables they lie in chains of our own, which the
 * first rule of INPUT, OUTPUT and FORWARD jumps to. `drop` ends a packet for good; `pass` only lets it go on
 * to the host's own rules, which stay as they are and keep their say.
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

export interface FirewallRule {
  readonly hook: Hook;
  /** All must fit. */
  readonly matches: readonly PacketMatch[];
  readonly verdict: 'pass' | 'drop';
}

type Side = 'source' | 'destination';
export type PacketMatch =
  /** The interface `lo`. */
  | { readonly kind: 'loopback' }
  | { readonly kind: 'address'; readonly side: Side; readonly address: string }
  | {
      readonly kind: 'port';
      readonly side: Side;
      readonly protocol: 'udp' | 'tcp';
      readonly port: number;
    }
  | { readonly kind: 'state'; readonly state: 'related' | 'established' }
  /** ICMP and ICMPv6. */
  | { readonly kind: 'icmp' }
  /** ICMPv6 router and neighbour solicitation and advertisement. */
  | { readonly kind: 'neighbour-discovery' }
  /** ICMPv6 multicast listener queries and reports. */
  | { readonly kind: 'multicast-listener' };

/** Drops both ways and for routed traffic. Stateless: connections that stand already go dead as well. */
export function blockRules(address: string): readonly FirewallRule[] {
  return bothWays(address).map((match) => ({ ...match, verdict: 'drop' }));
}

/** What gets through while the host is isolated, then the drop that makes it so. */
export function isolationRules(policy: IsolationPolicy): readonly FirewallRule[] {
  const allowed: readonly Allowed[] = [
    { hook: 'input', matches: [{ kind: 'loopback' }] },
    { hook: 'output', matches: [{ kind: 'loopback' }] },
    ...policy.peers.flatMap(bothWays),
    ...CONTROL_MESSAGES,
    ...DHCP,
    ...(policy.allowDns ? dns(policy.resolvers) : []),
  ];
  return [
    ...allowed.map((match) => ({ ...match, verdict: 'pass' }) as const),
    ...HOOKS.map((hook) => ({ hook, matches: [], verdict: 'drop' }) as const),
  ];
}

export function isIpv6(address: string): boolean {
  return address.includes(':');
}

type Allowed = Omit<FirewallRule, 'verdict'>;

function bothWays(address: string): readonly Allowed[] {
  const from: PacketMatch = { kind: 'address', side: 'source', address };
  const to: PacketMatch = { kind: 'address', side: 'destination', address };
  return [
    { hook: 'input', matches: [from] },
    { hook: 'output', matches: [to] },
    { hook: 'forward', matches: [from] },
    { hook: 'forward', matches: [to] },
  ];
}

/**
 * What must not be dropped for a link to stay alive (RFC 4890, 4.4.1): neighbour discovery; multicast listener
 * reports, without which a switch that listens to them stops passing neighbour discovery on; and ICMP errors, which
 * carry an allowed connection's path MTU.
 */
const CONTROL_MESSAGES: readonly Allowed[] = [
  { hook: 'input', matches: [{ kind: 'neighbour-discovery' }] },
  { hook: 'output', matches: [{ kind: 'neighbour-discovery' }] },
  { hook: 'input', matches: [{ kind: 'multicast-listener' }] },
  { hook: 'output', matches: [{ kind: 'multicast-listener' }] },
  { hook: 'input', matches: [{ kind: 'icmp' }, { kind: 'state', state: 'related' }] },
];

/** The ports of DHCP and DHCPv6: a lease that runs out would cut the responder off. */
const DHCP: readonly Allowed[] = [
  [68, 67],
  [546, 547],
].flatMap(([client = 0, server = 0]): Allowed[] => [
  { hook: 'output', matches: [udp('source', client), udp('destination', server)] },
  { hook: 'input', matches: [udp('source', server), udp('destination', client)] },
]);

function udp(side: Side, port: number): PacketMatch {
  return { kind: 'port', side, protocol: 'udp', port };
}

function dns(resolvers: readonly string[]): readonly Allowed[] {
  const places = resolvers.length === 0 ? [null] : resolvers;
  return places.flatMap((address) =>
    (['udp', 'tcp'] as const).flatMap((protocol): Allowed[] => [
      { hook: 'output', matches: [...at('destination', address), port53('destination', protocol)] },
      {
        hook: 'input',
        matches: [
          ...at('source', address),
          port53('source', protocol),
          { kind: 'state', state: 'established' },
        ],
      },
    ]),
  );
}

function at(side: Side, address: string | null): readonly PacketMatch[] {
  return address === null ? [] : [{ kind: 'address', side, address }];
}

function port53(side: Side, protocol: 'udp' | 'tcp'): PacketMatch {
  return { kind: 'port', side, protocol, port: 53 };
}
