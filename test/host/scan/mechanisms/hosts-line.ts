import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/hosts':
      '127.0.0.1 localhost\n0.0.0.0 update.aegis.aliyun.com security.debian.org\n10.0.0.5 db.internal\n',
  },
  blamed: [
    { path: '/etc/hosts', line: 2, verdict: 'malicious', code: 'security-domain-sunk', attack: 'T1685' },
  ],
  passed: ['/etc/hosts line 1', '/etc/hosts line 3'],
};
