import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/systemd/system.conf':
      '[Manager]\n#LogLevel=info\nDefaultEnvironment="LD_PRELOAD=/var/tmp/.l/libx.so"\n',
    '/home/ann/.pam_environment': 'LD_PRELOAD DEFAULT=/dev/shm/l.so\n',
    '/etc/environment.d/90-locale.conf': 'LANG=C.UTF-8\n',
  },
  blamed: [
    {
      path: '/etc/systemd/system.conf',
      line: 3,
      verdict: 'malicious',
      code: 'loads-library',
      attack: 'T1574.006',
    },
    {
      path: '/home/ann/.pam_environment',
      line: 1,
      verdict: 'malicious',
      code: 'temporary-folder',
      attack: 'T1574.006',
    },
  ],
  passed: ['90-locale.conf'],
};
