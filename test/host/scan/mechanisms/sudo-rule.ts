import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/sudoers': 'Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n',
    '/etc/sudoers.d/90-cloud-init-users': 'ann ALL=(ALL) NOPASSWD:ALL\n',
    '/etc/sudoers.d/zz': 'www-data ALL=(ALL) NOPASSWD: ALL\n',
    '/etc/sudoers.d/deploy': 'deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart web\n',
  },
  blamed: [
    { path: '/etc/sudoers.d/zz', line: 1, verdict: 'suspicious', code: 'nopasswd-all', attack: 'T1548.003' },
  ],
  passed: ['/etc/sudoers line 2', '90-cloud-init-users', '/etc/sudoers.d/deploy'],
};
