import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/default/grub': 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="quiet init=/var/tmp/.i/init"\n',
    '/etc/default/grub.d/50-cloud.cfg': 'GRUB_CMDLINE_LINUX="console=ttyS0 init=/lib/systemd/systemd"\n',
  },
  blamed: [
    { path: '/etc/default/grub', line: 2, verdict: 'suspicious', code: 'other-init', attack: 'T1542' },
  ],
  passed: ['50-cloud.cfg'],
};
