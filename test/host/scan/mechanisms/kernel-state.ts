import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/proc/sys/vm/nr_hugepages': '1280\n',
    '/proc/sys/kernel/randomize_va_space': '2\n',
    '/sys/module/msr/parameters/allow_writes': 'on\n',
    '/proc/sys/fs/binfmt_misc/status': 'enabled\n',
    '/proc/sys/fs/binfmt_misc/go':
      'enabled\ninterpreter /var/tmp/.g/go\nflags: OC\noffset 0\nmagic 7f454c46\n',
    // As a container of qemu's registers it: the program is in there, and no package of the host brought it.
    '/proc/sys/fs/binfmt_misc/qemu-arm': `enabled\ninterpreter /usr/bin/qemu-arm-static\nflags: OCF\noffset 0\nmagic 7f454c46010101000000000000000000020028\nmask ffffffffffffff00fffffffffffffffffeffffff\n`,
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
    {
      path: '/proc/sys/fs/binfmt_misc/go',
      verdict: 'malicious',
      code: 'every-program',
      attack: 'T1546',
    },
    { path: '/proc/cmdline', verdict: 'malicious', code: 'other-init', attack: 'T1542' },
  ],
  passed: ['kernel.randomize_va_space', 'qemu-arm'],
};
