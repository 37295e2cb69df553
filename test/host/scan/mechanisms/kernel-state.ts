import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/proc/sys/vm/nr_hugepages': '1280\n',
    '/proc/sys/kernel/randomize_va_space': '2\n',
    '/sys/module/msr/parameters/allow_writes': 'on\n',
    '/proc/cmdline': 'root=/dev/vda1 quiet init=/var/tmp/.i/init\n',
  },
  blamed: [
    { path: '/proc/sys/vm/nr_hugepages', verdict: 'suspicious', code: 'huge-pages', attack: 'T1496.001' },
    {
      path: '/sys/module/msr/parameters/allow_writes',
      verdict: 'suspicious',
      code: 'msr-writes',
      attack: 'T1496.001',
    },
    { path: '/proc/cmdline', verdict: 'malicious', code: 'other-init', attack: 'T1542' },
  ],
  passed: ['kernel.randomize_va_space'],
};
