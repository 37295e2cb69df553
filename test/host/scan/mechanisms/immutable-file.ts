import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/cron.d/x': '0 4 * * * root /usr/local/bin/x\n',
    '/etc/cron.d/y': '0 4 * * * root /usr/local/bin/y\n',
    '/etc/resolv.conf': 'nameserver 10.0.0.1\n',
  },
  prepare: (root) => {
    const fixed = ['etc/cron.d/x', 'etc/resolv.conf'].map((path) => join(root, path));
    execFileSync('chattr', ['+i', ...fixed]);
    return () => void execFileSync('chattr', ['-i', ...fixed]);
  },
  blamed: [{ path: '/etc/cron.d/x', verdict: 'suspicious', code: 'immutable', attack: 'T1222.002' }],
  passed: ['/etc/cron.d/y', '/etc/resolv.conf'],
};
