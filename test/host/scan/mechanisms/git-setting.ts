import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/root/.gitconfig':
      '[core]\n\tpager = less -FRX\n\tsshCommand = /dev/shm/.g/ssh\n[alias]\n\tup = "!/dev/shm/.g/up && git pull"\n',
    '/root/app/.git/config': '[core]\n\tfsmonitor = /tmp/.m/watch\n',
    '/home/ann/.gitconfig': '[core]\n\tsshCommand = ssh -i ~/.ssh/deploy\n',
  },
  blamed: [
    { path: '/root/.gitconfig', line: 3, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
    { path: '/root/.gitconfig', line: 5, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
    { path: '/root/app/.git/config', line: 2, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
  ],
  passed: ['/root/.gitconfig line 2', '/home/ann/.gitconfig'],
};
