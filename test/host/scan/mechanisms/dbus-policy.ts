import type { Pair } from './pair.ts';

const policy = (allow: string): string =>
  `<busconfig>\n<policy context="default">\n  ${allow}\n</policy>\n</busconfig>\n`;

export const pair: Pair = {
  tree: {
    '/etc/dbus-1/system.d/all.conf': policy('<allow own="*"/>'),
    '/etc/dbus-1/system.d/one.conf': policy('<allow send_destination="org.example.One"/>'),
  },
  blamed: [
    {
      path: '/etc/dbus-1/system.d/all.conf',
      line: 3,
      verdict: 'suspicious',
      code: 'allows-all',
      attack: 'T1543',
    },
  ],
  passed: ['one.conf'],
};
