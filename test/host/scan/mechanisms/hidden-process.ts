import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLiveWorld } from '../live-world.ts';
import type { Pair } from './pair.ts';

/** A library that leaves one process out of every listing, loaded into whoever looks; and one that is in the listing. */
export const pair: Pair = {
  tree: {},
  blamed: [],
  passed: [],
  async look() {
    const world = await openLiveWorld();
    const library = join(world.folder, 'hide.so');
    const source = fileURLToPath(new URL('../fixtures/hide-process.c', import.meta.url));
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
    const bad = await world.start(['/bin/sleep', '75']);
    const good = await world.start(['/bin/sleep', '76']);
    const scan = fileURLToPath(new URL('../fixtures/scan-here.ts', import.meta.url));
    const argv = ['env', `LD_PRELOAD=${library}`, `HIDE_PID=${bad}`, process.execPath, scan];
    return {
      outcome: JSON.parse(world.space.run([...argv, 'processes,hidden-processes'])),
      blamed: [
        {
          path: `/proc/${bad}`,
          title: `(${bad})`,
          verdict: 'malicious',
          code: 'hidden-process',
          attack: 'T1014',
        },
      ],
      passed: [`sleep (${good})`],
      end: () => world.end(),
    };
  },
};
