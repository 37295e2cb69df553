import type { Pair } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/lib/modules/6.1.0/kernel/fs/ext4.ko': 'x' },
  tree: {
    '/lib': { link: 'usr/lib' },
    '/usr/lib/modules/6.1.0/modules.dep':
      'kernel/fs/ext4.ko: kernel/fs/jbd2.ko\nupdates/dkms/zfs.ko:\nkernel/net/odd.ko:\n',
    '/usr/lib/modules/6.1.0/updates/dkms/zfs.ko': 'x',
    '/usr/lib/modules/6.1.0/kernel/net/odd.ko': 'x',
    '/proc/modules':
      'ext4 1 2 - Live 0x0\nzfs 1 2 - Live 0x0 (POE)\nodd 1 0 - Live 0x0 (OE)\ndiamorphine 1 0 - Live 0x0 (OE)\nnofile 1 0 - Live 0x0 (OE)\n',
    '/sys/module/unseen/initstate': 'live\n',
    '/sys/module/ext4/initstate': 'live\n',
    '/sys/module/kernel/parameters/x': '1\n',
    '/proc/sys/kernel/tainted': '12288\n',
  },
  blamed: [
    {
      path: '/usr/lib/modules/6.1.0/kernel/net/odd.ko',
      title: 'kernel module odd',
      verdict: 'suspicious',
      code: 'unowned-module',
      attack: 'T1547.006',
    },
    {
      path: '/proc/modules',
      title: 'diamorphine',
      verdict: 'malicious',
      code: 'rootkit-module',
      attack: 'T1014',
    },
    {
      path: '/proc/modules',
      title: 'nofile',
      verdict: 'suspicious',
      code: 'module-without-file',
      attack: 'T1014',
    },
    { path: '/sys/module/unseen', verdict: 'malicious', code: 'hidden-module', attack: 'T1014' },
  ],
  passed: ['kernel module ext4', 'kernel module zfs', '/sys/module/kernel', 'kernel.tainted'],
};
