import { publicKey } from '../tree.ts';
import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/root/.ssh/authorized_keys': `${publicKey('a')} mdrfckr\n`,
    '/var/spool/news/.ssh/authorized_keys': `${publicKey('b')} x\n`,
    '/home/ann/.ssh/authorized_keys': `${publicKey('c')} ann@laptop\n`,
  },
  blamed: [
    {
      path: '/root/.ssh/authorized_keys',
      line: 1,
      verdict: 'malicious',
      code: 'known-bad-key',
      attack: 'T1098.004',
    },
    {
      path: '/var/spool/news/.ssh/authorized_keys',
      line: 1,
      verdict: 'malicious',
      code: 'system-account-key',
      attack: 'T1098.004',
    },
  ],
  passed: ['/home/ann/.ssh/authorized_keys'],
};
