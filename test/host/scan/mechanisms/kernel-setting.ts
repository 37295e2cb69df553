import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/sysctl.d/99-x.conf': 'vm.nr_hugepages=1280\nkernel.nmi_watchdog = 0\nvm.swappiness=10\n',
    '/etc/sysctl.conf': 'net.ipv4.ip_forward=1\nkernel.core_pattern=|/dev/shm/.c/core %p\n',
    '/dev/shm/.c/core': script('exit 0'),
  },
  blamed: [
    { path: '/etc/sysctl.conf', line: 2, verdict: 'malicious', code: 'hidden-path', attack: 'T1496.001' },
    {
      path: '/etc/sysctl.d/99-x.conf',
      line: 1,
      verdict: 'malicious',
      code: 'huge-pages',
      attack: 'T1496.001',
    },
  ],
  passed: ['99-x.conf line 3', '/etc/sysctl.conf line 1'],
};
