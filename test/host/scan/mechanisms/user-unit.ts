import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/home/ann/.config/systemd/user/pulse.service': '[Service]\nExecStart=/dev/shm/.p/pulse\n',
    '/run/user/1000/systemd/transient/run-r1.service': '[Service]\nExecStart=/dev/shm/.p/again\n',
    '/home/ann/.config/systemd/user/syncthing.service': '[Service]\nExecStart=/usr/bin/syncthing serve\n',
  },
  blamed: [
    {
      path: '/home/ann/.config/systemd/user/pulse.service',
      line: 2,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1543.002',
    },
    {
      path: '/run/user/1000/systemd/transient/run-r1.service',
      line: 2,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1543.002',
    },
  ],
  passed: ['syncthing.service'],
};
