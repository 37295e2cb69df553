import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: { '/etc/ssh/moduli': '# none\n' },
  prepare: (root) => {
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-f',
      join(root, 'etc/ssh/ssh_host_ed25519_key'),
    ]);
    return undefined;
  },
  blamed: [
    { path: '/etc/ssh/ssh_host_ed25519_key', verdict: 'unknown', code: 'may-be-copied', attack: 'T1552.004' },
  ],
  passed: ['/etc/ssh/moduli'],
};
