import { openLiveWorld } from '../live-world.ts';
import type { Pair } from './pair.ts';

/** The real apt-get, on a copy of dpkg’s status in which one package is older than what the lists offer. */
export const pair: Pair = {
  tree: {},
  blamed: [],
  passed: [],
  async look() {
    const world = await openLiveWorld();
    world.space.shell(
      [
        `awk '/^Package: /{old=($2=="bash")} old&&/^Version: /{print "Version: 0.1"; next} {print}' /var/lib/dpkg/status >/tmp/status`,
        'mount --bind /tmp/status /var/lib/dpkg/status',
      ].join('\n'),
    );
    const outcome = world.look(['packages']);
    return {
      outcome,
      blamed: [
        {
          path: '/var/lib/dpkg/status',
          title: 'bash 0.1',
          verdict: 'unknown',
          code: 'update',
          attack: 'T1190',
        },
      ],
      passed: ['dash'],
      end: () => world.end(),
    };
  },
};
