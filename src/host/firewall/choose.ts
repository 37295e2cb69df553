import type { Firewall } from './firewall.ts';
import { iptables } from './iptables.ts';
import { nft } from './nft.ts';

/** The backend by the name that a receipt or the host's facts hold. */
export function firewallOf(name: Firewall['name']): Firewall {
  return name === 'nft' ? nft : iptables;
}
