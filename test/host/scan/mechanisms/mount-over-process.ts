import { openLiveWorld } from '../live-world.ts';
import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {},
  blamed: [],
  passed: [],
  async look() {
    const world = await openLiveWorld();
    const bad = await world.start(['/bin/sleep', '73']);
    const good = await world.start(['/bin/sleep', '74']);
    world.space.shell(`mount -t tmpfs none /proc/${bad}; mount --bind /proc/sys /proc/sys`);
    return {
      outcome: world.look(['processes', 'hidden-processes']),
      blamed: [
        {
          path: `/proc/${bad}`,
          title: `process ${bad}`,
          verdict: 'malicious',
          code: 'mounted-over',
          attack: 'T1564.013',
        },
      ],
      passed: [`sleep (${good})`, '/proc/sys'],
      end: () => world.end(),
    };
  },
};
