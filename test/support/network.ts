import { type Driver, openDriver } from './driver.ts';
import { type Namespace, openNamespace } from './namespace.ts';

/** A host with two neighbours on links of their own, IPv4 and IPv6, which it also routes between. */
export interface Network {
  readonly namespace: Namespace;
  readonly host: Driver;
  /** 192.0.2.2, 2001:db8:a::2; listens on 7000. */
  readonly ally: Driver;
  /** 198.51.100.2, 2001:db8:b::2; listens on 7000. */
  readonly foe: Driver;
  end(): Promise<void>;
}

export const ALLY = { ipv4: '192.0.2.2', ipv6: '2001:db8:a::2' } as const;
export const FOE = { ipv4: '198.51.100.2', ipv6: '2001:db8:b::2' } as const;
export const HOST = { ipv4: '192.0.2.1', ipv6: '2001:db8:a::1' } as const;
export const PORT = 7000;

export async function openNetwork(setup = ''): Promise<Network> {
  const namespace = await openNamespace(`${LINKS}\n${setup}`);
  const host = openDriver(namespace);
  const ally = openDriver(namespace, 'ally');
  const foe = openDriver(namespace, 'foe');
  await Promise.all([host.listen(PORT), ally.listen(PORT), foe.listen(PORT)]);
  return {
    namespace,
    host,
    ally,
    foe,
    async end() {
      await Promise.all([host.kill(), ally.kill(), foe.kill()]);
      await namespace.end();
    },
  };
}

const LINKS = `
link() {
  ip netns add "$1"
  ip link add "to-$1" type veth peer name wire netns "$1"
  ip addr add "$2.1/24" dev "to-$1"
  ip addr add "$3::1/64" dev "to-$1" nodad
  ip link set "to-$1" up
  nsenter --net="/run/netns/$1" /bin/sh -ec "
    ip link set lo up
    ip addr add $2.2/24 dev wire
    ip addr add $3::2/64 dev wire nodad
    ip link set wire up
    ip route add default via $2.1
    ip -6 route add default via $3::1
  "
}
for each in all default; do echo 0 >/proc/sys/net/ipv6/conf/$each/accept_dad; done
link ally 192.0.2 2001:db8:a
link foe 198.51.100 2001:db8:b
# A new link is not ready at once (linkwatch): until then it is not in the group that neighbours are looked for in.
ready() { until nsenter --net="/run/netns/$1" ip -6 maddr show dev wire | grep -q ff02::1:ff00:2; do sleep 0.05; done; }
ready ally
ready foe
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
`;
