import { openLiveWorld } from '../live-world.ts';
import type { Pair } from './pair.ts';

/** A ps that leaves a process out, as perfctl’s does, mounted over the real one where nobody else sees it. */
export const pair: Pair = {
  tree: {},
  blamed: [],
  passed: [],
  async look() {
    const world = await openLiveWorld();
    const bad = await world.start(['/bin/sleep', '77']);
    const good = await world.start(['/bin/sleep', '78']);
    world.space.shell(
      [
        'cp /usr/bin/ps /tmp/ps.real',
        `printf '#!/bin/sh\\n/tmp/ps.real "$@" | grep -v "^ *${bad} "\\n' >/tmp/ps.fake`,
        'chmod 755 /tmp/ps.fake && mount --bind /tmp/ps.fake /usr/bin/ps',
      ].join('\n'),
    );
    return {
      outcome: world.look(['second-opinion']),
      blamed: [
        {
          path: `/proc/${bad}`,
          title: `process ${bad}`,
          verdict: 'suspicious',
          code: 'hidden-from-tools',
          attack: 'T1014',
        },
      ],
      passed: [`process ${good}`],
      end: () => world.end(),
    };
  },
};
