import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/usr/lib/systemd/system/auditd.service': '[Install]\nWantedBy=multi-user.target\n',
    '/etc/systemd/system/auditd.service': { link: '/dev/null' },
    '/usr/lib/systemd/system/fail2ban.service': '[Install]\nWantedBy=multi-user.target\n',
    '/usr/lib/systemd/system/rsyslog.service': '[Install]\nWantedBy=multi-user.target\n',
    '/etc/systemd/system/multi-user.target.wants/rsyslog.service': {
      link: '/usr/lib/systemd/system/rsyslog.service',
    },
    '/etc/systemd/system/other.service': { link: '/dev/null' },
    '/etc/selinux/config': '# SELINUX= can be one of\nSELINUX=disabled\nSELINUXTYPE=targeted\n',
  },
  blamed: [
    {
      path: '/etc/systemd/system/auditd.service',
      verdict: 'suspicious',
      code: 'agent-masked',
      attack: 'T1685',
    },
    {
      path: '/usr/lib/systemd/system/fail2ban.service',
      verdict: 'unknown',
      code: 'agent-not-enabled',
      attack: 'T1562.001',
    },
    { path: '/etc/selinux/config', line: 2, verdict: 'unknown', code: 'agent-not-enabled', attack: 'T1685' },
  ],
  passed: ['rsyslog.service', 'other.service'],
};
