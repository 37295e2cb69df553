import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/lib/systemd/system-sleep/hdparm': script('exit 0') },
  tree: {
    '/usr/lib/systemd/system-shutdown/save': script('cp /dev/shm/.x/run /var/tmp/.x; /dev/shm/.x/run &'),
    '/etc/kernel/postinst.d/zz-own': script('update-bootloader --own'),
  },
  blamed: [
    {
      path: '/usr/lib/systemd/system-shutdown/save',
      line: 2,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1546',
    },
  ],
  passed: ['system-sleep/hdparm', 'zz-own'],
};
