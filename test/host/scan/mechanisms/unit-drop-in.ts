import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/systemd/system/ssh.service.d/override.conf': '[Service]\nExecStart=\nExecStart=/tmp/.rsync/x\n',
    '/etc/systemd/system/nginx.service.d/limits.conf': '[Service]\nLimitNOFILE=65536\n',
  },
  blamed: [
    {
      path: '/etc/systemd/system/ssh.service.d/override.conf',
      line: 3,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1543.002',
    },
  ],
  passed: ['limits.conf'],
};
