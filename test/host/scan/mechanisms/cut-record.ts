import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/var/log/wtmp': 'r'.repeat(384) + '\0'.repeat(384) + 'r'.repeat(384),
    '/var/log/btmp': 'r'.repeat(768),
    '/var/log/syslog.1': 'x',
    '/var/log/auth.log.1': 'x',
    '/var/log/auth.log': 'x',
    '/etc/systemd/journald.conf': '[Journal]\n#Storage=auto\nStorage=none\n',
  },
  blamed: [
    { path: '/var/log/wtmp', verdict: 'suspicious', code: 'record-erased', attack: 'T1685.006' },
    { path: '/var/log/syslog.1', verdict: 'suspicious', code: 'log-removed', attack: 'T1070.002' },
    {
      path: '/etc/systemd/journald.conf',
      line: 3,
      verdict: 'suspicious',
      code: 'journal-off',
      attack: 'T1685',
    },
  ],
  passed: ['/var/log/btmp', '/var/log/auth.log'],
};
