import { openLiveWorld } from '../live-world.ts';
import { publicKey } from '../tree.ts';
import type { Pair } from './pair.ts';

const CONFIG = `AuthorizedKeysFile .ssh/authorized_keys
Match User root
  AuthorizedKeysFile /etc/ssh/of-%u
`;

/** The real sshd, asked in a world with an /etc/ssh of its own: what it takes by itself, and where it takes root’s keys from. */
export const pair: Pair = {
  tree: {},
  blamed: [],
  passed: [],
  async look() {
    const world = await openLiveWorld('mkdir -p /tmp/ssh /run/sshd && mount --bind /tmp/ssh /etc/ssh');
    world.space.shell('ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key');
    world.space.run(['tee', '/etc/ssh/sshd_config'], { input: CONFIG });
    world.space.run(['tee', '/etc/ssh/of-root'], { input: `${publicKey('z')} mdrfckr\n` });
    return {
      outcome: world.look(['sshd', 'authorized-keys']),
      blamed: [
        {
          path: '/etc/ssh/sshd_config',
          title: 'sshd passwordauthentication',
          verdict: 'unknown',
          code: 'sshd-built-in',
          attack: 'T1556',
        },
        {
          path: '/etc/ssh/of-root',
          line: 1,
          verdict: 'malicious',
          code: 'known-bad-key',
          attack: 'T1098.004',
        },
      ],
      passed: ['sshd permitrootlogin', 'sshd permitemptypasswords'],
      end: () => world.end(),
    };
  },
};
