import { openLiveWorld } from '../live-world.ts';
import type { Pair } from './pair.ts';

const LISTEN = `for (const [host, port] of [['203.0.113.9', 3333], ['203.0.113.10', 5432]])
  require('node:net').createServer((socket) => socket.resume()).listen(port, host);`;
const TALK = (host: string, port: number) =>
  `until exec 3<>/dev/tcp/${host}/${port}; do read -t 0.1; done 2>/dev/null; while :; do read -t 5 -u 3; done`;

const CLIENT = `(function talk() {
  require('node:net').connect(5432, '203.0.113.10').on('error', () => setTimeout(talk, 50));
})()`;

/** Two ends in a network of their own: a pool’s port with a dropped program at it, and a database’s with a shell. */
export const pair: Pair = {
  tree: {},
  blamed: [],
  passed: [],
  async look() {
    const world = await openLiveWorld(
      'ip addr add 203.0.113.9/32 dev lo\nip addr add 203.0.113.10/32 dev lo',
    );
    world.space.shell('mkdir /tmp/.x && cp /bin/bash /tmp/.x/xmrig');
    await world.start([process.execPath, '-e', LISTEN]);
    await world.start(['/tmp/.x/xmrig', '-c', TALK('203.0.113.9', 3333)]);
    await world.start([process.execPath, '-e', CLIENT]);
    const outcome = await untilBoth(() => world.look(['processes', 'connections']));
    const bad = outcome.findings.find(
      ({ title }) => title.startsWith('203.0.113.9') && title.includes('xmrig'),
    );
    return {
      outcome,
      blamed: [
        {
          path: bad?.places[0]?.path ?? 'no connection',
          title: 'xmrig',
          verdict: 'malicious',
          code: CODE,
          attack: 'T1071',
        },
      ],
      passed: ['203.0.113.10'],
      end: () => world.end(),
    };
  },
};

const CODE = 'of-malicious-process';

async function untilBoth<T extends { readonly findings: readonly { readonly title: string }[] }>(
  look: () => T,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const outcome = look();
    if (tries > 50 || outcome.findings.some(({ title }) => title.startsWith('203.0.113.9'))) return outcome;
  }
}
