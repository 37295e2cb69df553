import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/bin/ping': elf('ping'), '/usr/bin/python3.11': elf('python') },
  tree: {},
  prepare: (root) => {
    execFileSync('setcap', ['cap_setuid+ep', join(root, 'usr/bin/python3.11')]);
    execFileSync('setcap', ['cap_net_raw+ep', join(root, 'usr/bin/ping')]);
    return undefined;
  },
  blamed: [{ path: '/usr/bin/python3.11', verdict: 'malicious', code: 'interpreter', attack: 'T1548' }],
  passed: ['/usr/bin/ping'],
};
