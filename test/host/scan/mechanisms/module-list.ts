import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/modules': '# loaded at boot\nloop\ndiamorphine\n',
    '/etc/modprobe.d/block.conf': 'install usb-storage /bin/true\ninstall floppy /dev/shm/.x/go\n',
    '/etc/modules-load.d/net.conf': 'br_netfilter\n',
  },
  blamed: [
    { path: '/etc/modules', line: 3, verdict: 'malicious', code: 'rootkit-module', attack: 'T1547.006' },
    {
      path: '/etc/modprobe.d/block.conf',
      line: 2,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1547.006',
    },
  ],
  passed: ['/etc/modules line 2', '/etc/modules-load.d/net.conf'],
};
