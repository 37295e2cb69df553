import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/network/interfaces':
      'auto eth0\niface eth0 inet dhcp\n  post-up ip route add 10.9.0.0/16 via 10.0.0.1\n  up /dev/shm/.n/net &\n',
  },
  blamed: [
    { path: '/etc/network/interfaces', line: 4, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
  ],
  passed: ['/etc/network/interfaces line 3'],
};
