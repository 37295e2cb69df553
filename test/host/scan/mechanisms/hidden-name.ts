import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/usr/lib/... /run': elf('x'),
    '/var/tmp/.. /m': elf('x'),
    '/dev/.x': 'x',
    '/dev/mem2': 'x',
    '/var/lib/dpkg/x y/z': 'x',
    '/root/.ssh/config': 'Host *\n',
    '/srv/My Documents/a': 'x',
  },
  blamed: [
    { path: '/usr/lib/... ', verdict: 'suspicious', code: 'unseen-name', attack: 'T1564.001' },
    { path: '/var/tmp/.. ', verdict: 'suspicious', code: 'unseen-name', attack: 'T1564.001' },
    { path: '/dev/mem2', verdict: 'suspicious', code: 'file-among-devices', attack: 'T1564.001' },
  ],
  passed: ['/root/.ssh', '/srv/My Documents'],
};
