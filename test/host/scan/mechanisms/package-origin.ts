import type { Pair } from './pair.ts';

export const pair: Pair = {
  facts: { packageManager: 'apk' },
  tree: { '/etc/apk/world': 'alpine-base\nnetd><Q1lAVoBzw3GYBmrTHKjfXC9TB8bNs=\nopenssh\n' },
  blamed: [{ path: '/etc/apk/world', line: 2, verdict: 'unknown', code: 'no-source', attack: 'T1546.016' }],
  passed: ['package alpine-base', 'package openssh'],
};
