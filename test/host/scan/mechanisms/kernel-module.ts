import type { Pair } from './pair.ts';

const KO = { text: '\0module', mode: 0o644 };

export const pair: Pair = {
  packaged: { '/lib/modules/6.1.0/kernel/fs/ext4.ko': KO },
  tree: {
    '/lib/modules/6.1.0/kernel/drivers/odd.ko': KO,
    '/lib/modules/6.1.0/kernel/net/diamorphine.ko.xz': KO,
    '/lib/modules/6.1.0/updates/dkms/zfs.ko': KO,
    '/var/lib/dkms/zfs/2.1/6.1.0/x86_64/module/zfs.ko': KO,
  },
  blamed: [
    {
      path: '/lib/modules/6.1.0/kernel/drivers/odd.ko',
      verdict: 'suspicious',
      code: 'unowned',
      attack: 'T1547.006',
    },
    {
      path: '/lib/modules/6.1.0/kernel/net/diamorphine.ko.xz',
      verdict: 'malicious',
      code: 'rootkit-module',
      attack: 'T1014',
    },
  ],
  passed: ['ext4.ko', 'zfs.ko'],
};
