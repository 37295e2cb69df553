import { openLiveWorld } from '../live-world.ts';
import type { Pair } from './pair.ts';

/** Sleepers under a miner’s name, from a hidden place; and one that is what it says. */
export const pair: Pair = {
  tree: {},
  blamed: [],
  passed: [],
  async look() {
    const world = await openLiveWorld();
    world.space.shell('mkdir /tmp/.x && cp /bin/sleep /tmp/.x/kdevtmpfsi');
    const bad = await world.start(['/tmp/.x/kdevtmpfsi', '71']);
    const good = await world.start(['/bin/sleep', '72']);
    return {
      outcome: world.look(['processes']),
      blamed: [{ path: `/proc/${bad}`, verdict: 'malicious', code: 'hidden-path', attack: 'T1496.001' }],
      passed: [`sleep (${good})`],
      end: () => world.end(),
    };
  },
};
