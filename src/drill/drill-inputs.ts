import { FORBIDDEN, PEER } from './places.ts';

/** The playbook's inputs for a drill: who stays allowed, what the two-sided test asks, how long it watches. */
export function drillInputs(): Readonly<Record<string, string | readonly string[]>> {
  return {
    'allowed-peers': [`${PEER.address}/32`],
    'must-reach': `${PEER.address}:${PEER.sshPort}`,
    'must-not-reach': `${FORBIDDEN.address}:${FORBIDDEN.port}`,
    'watch-for': '15s',
    ending: 'release',
  };
}
