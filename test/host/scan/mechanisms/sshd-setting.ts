import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/ssh/sshd_config': 'Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication no\nUsePAM yes\n',
    '/etc/ssh/sshd_config.d/50-cloud-init.conf': 'PasswordAuthentication yes\n',
    '/etc/ssh/sshd_config.d/99-x.conf': 'AuthorizedKeysCommand /dev/shm/keys %u\nLogLevel QUIET\n',
    '/dev/shm/keys': script('exit 0'),
  },
  blamed: [
    {
      path: '/etc/ssh/sshd_config.d/50-cloud-init.conf',
      line: 1,
      verdict: 'suspicious',
      code: 'overrides',
      attack: 'T1556',
    },
    {
      path: '/etc/ssh/sshd_config.d/99-x.conf',
      line: 1,
      verdict: 'suspicious',
      code: 'temp-folder',
      attack: 'T1098.004',
    },
    {
      path: '/etc/ssh/sshd_config.d/99-x.conf',
      line: 2,
      verdict: 'suspicious',
      code: 'not-logged',
      attack: 'T1556',
    },
  ],
  passed: ['/etc/ssh/sshd_config line 2', '/etc/ssh/sshd_config line 3'],
};
