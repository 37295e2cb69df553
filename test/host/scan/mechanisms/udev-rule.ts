import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/udev/rules.d/99-z.rules':
      'ACTION=="add", ENV{MAJOR}=="1", ENV{MINOR}=="8", RUN+="asedexpb run:+"\n',
    '/usr/lib/udev/asedexpb': script('sleep 1'),
    '/etc/udev/rules.d/70-disk.rules': 'KERNEL=="sd?", ATTRS{serial}=="A1", SYMLINK+="backup"\n',
    '/etc/udev/rules.d/80-led.rules': 'SUBSYSTEM=="usb", ACTION=="add", RUN+="/usr/local/bin/led on"\n',
  },
  blamed: [
    {
      path: '/etc/udev/rules.d/99-z.rules',
      line: 1,
      verdict: 'malicious',
      code: 'pseudo-device',
      attack: 'T1546.017',
    },
  ],
  passed: ['70-disk.rules', '80-led.rules'],
};
