import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { HostFacts } from '../../src/host/host.ts';
import type { OperationOf, OperationTarget } from '../../src/operations/operation.ts';
import type { OperationOutcome, Receipt } from '../../src/operations/receipt.ts';
import { type FirewallKind, foreignRules } from './firewalls.ts';
import { ALLY, FOE, HOST, type Network, openNetwork, PORT } from './network.ts';

export type Isolate = Omit<OperationOf<'isolate-host'>, 'id' | 'because'>;

export const isolate = (changes: Partial<Isolate> = {}): Isolate => ({
  kind: 'isolate-host',
  allowedPeers: ['192.0.2.0/24', '2001:db8:a::/64'],
  allowDns: false,
  confirmWithinMs: 60_000,
  mustReach: null,
  mustNotReach: null,
  ...changes,
});

export const lift: OperationTarget = { kind: 'lift-isolation' };

export const RESPONDER = {
  peerPort: 50000,
  localPort: 22,
  account: 'root',
  uid: 0,
  protectedPids: [],
  keyFingerprint: null,
};

/** Who gets through to whom, by new connections. */
export const ALL = {
  ...{ toAlly: true, toAlly6: true, fromAlly: true, fromAlly6: true, toSelf: true },
  ...{ toFoe: true, toFoe6: true, fromFoe: true, fromFoe6: true },
};
export const ALLIES_ONLY = { ...ALL, toFoe: false, toFoe6: false, fromFoe: false, fromFoe6: false };

/** For a `describe`: a network with this firewall; after each test no isolation is left and no other rule was changed. */
export function stageIsolation(firewall: FirewallKind) {
  let open: Network | null = null;
  let before = '';
  const facts: Partial<HostFacts> = { firewall: firewall.backend };
  const network = (): Network => {
    if (open === null) throw new Error('The network is not open.');
    return open;
  };
  const ours = () => firewall.ours(network().namespace);
  const foreign = () => foreignRules(network().namespace);

  beforeAll(async () => {
    open = await openNetwork(`${firewall.setup}
echo 'nameserver ${FOE.ipv4}' >/run/resolv.conf
mount --bind /run/resolv.conf /etc/resolv.conf`);
    before = foreign();
    await open.foe.listen(53);
  });
  afterAll(() => open?.end());
  afterEach(async () => {
    const { host } = network();
    await host.perform(lift, await host.ready(lift, facts), facts);
    expect(ours()).toBe('');
    expect(foreign()).toBe(before);
  });

  return {
    facts,
    network,
    ours,
    foreign,
    before: () => before,
    async start(operation: Isolate, more: Partial<HostFacts> = {}): Promise<[Receipt, OperationOutcome]> {
      const { host } = network();
      const receipt = await host.ready(operation, { ...facts, ...more });
      const outcome = await host.perform(operation, receipt, { ...facts, ...more });
      if (outcome.status !== 'done') throw new Error(outcome.message);
      return [receipt, outcome];
    },
    async reach() {
      const { host, ally, foe } = network();
      const [toAlly, toAlly6, fromAlly, fromAlly6, toFoe, toFoe6, fromFoe, fromFoe6, toSelf] =
        await Promise.all([
          host.open(ALLY.ipv4, PORT),
          host.open(ALLY.ipv6, PORT),
          ally.open(HOST.ipv4, PORT),
          ally.open(HOST.ipv6, PORT),
          host.open(FOE.ipv4, PORT),
          host.open(FOE.ipv6, PORT),
          foe.open('198.51.100.1', PORT),
          foe.open('2001:db8:b::1', PORT),
          host.open('127.0.0.1', PORT),
        ]);
      return { toAlly, toAlly6, fromAlly, fromAlly6, toFoe, toFoe6, fromFoe, fromFoe6, toSelf };
    },
  };
}
