import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: { '/etc/resolv.conf': 'nameserver 203.0.113.53\nnameserver 10.0.0.2\n' },
  blamed: [
    { path: '/etc/resolv.conf', line: 1, verdict: 'benign', code: 'unknown-resolver', attack: 'T1584.002' },
  ],
  passed: ['/etc/resolv.conf line 2'],
};
