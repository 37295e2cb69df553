import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/inittab':
      'si:0:sysinit:/etc/rcS\nx1:2345:respawn:/var/tmp/.x/run -d\ntty1::respawn:/sbin/getty 38400 tty1\n',
  },
  blamed: [{ path: '/etc/inittab', line: 2, verdict: 'malicious', code: 'temp-folder', attack: 'T1037' }],
  passed: ['/etc/inittab line 1', '/etc/inittab line 3'],
};
