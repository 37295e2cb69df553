import { fileURLToPath } from 'node:url';
import { openLiveWorld } from '../live-world.ts';
import type { Pair } from './pair.ts';

const END = fileURLToPath(new URL('../fixtures/unix-socket.ts', import.meta.url));
const SOCKET = '/run/docker.sock';
const OTHER = '/run/crio/crio.sock';
const UNRELATED = '/run/other.sock';

/** A socket that anybody may use and who is connected to it; one that only root may, and a connection to another. */
export const pair: Pair = {
  tree: {},
  blamed: [],
  passed: [],
  async look() {
    const world = await openLiveWorld('mkdir /run/crio');
    const listen = async (path: string): Promise<number> => {
      const pid = await world.start([process.execPath, END, 'listen', path]);
      world.space.shell(`until [ -S ${path} ]; do sleep 0.05; done`);
      return pid;
    };
    const server = await listen(SOCKET);
    await listen(OTHER);
    await listen(UNRELATED);
    world.space.shell(`chmod 666 ${SOCKET}; chmod 600 ${OTHER}`);
    const user = await world.start([process.execPath, END, 'connect', SOCKET]);
    const neighbour = await world.start([process.execPath, END, 'connect', UNRELATED]);
    world.space.shell(`until grep -q ' 03 .*${SOCKET}' /proc/net/unix; do sleep 0.05; done`);
    return {
      outcome: world.look(['processes', 'entry-points']),
      blamed: [
        { path: SOCKET, verdict: 'suspicious', code: 'runtime-socket', attack: 'T1611' },
        {
          path: `/proc/${user}`,
          title: `(${user})`,
          verdict: 'unknown',
          code: 'runtime-socket',
          attack: 'T1611',
        },
      ],
      passed: [OTHER, UNRELATED, `(${server})`, `(${neighbour})`],
      end: () => world.end(),
    };
  },
};
