import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/share/initramfs-tools/hooks/udev': script('copy_exec /sbin/udevd') },
  tree: {
    '/etc/initramfs-tools/scripts/init-bottom/zz': script('/var/tmp/.sys/upd &'),
    '/etc/initramfs-tools/hooks/keys': script('copy_exec /usr/local/bin/unlock'),
  },
  blamed: [
    {
      path: '/etc/initramfs-tools/scripts/init-bottom/zz',
      line: 2,
      verdict: 'malicious',
      code: 'hidden-path',
      attack: 'T1542',
    },
  ],
  passed: ['hooks/keys', 'hooks/udev'],
};
