import { elf, type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/passwd': [
      'root:x:0:0:root:/root:/bin/bash',
      'toor:x:0:0::/root:/bin/bash',
      'backup:x:34:34::/var/backups:/usr/sbin/nologin',
      'news:x:9:9::/var/spool/news:/usr/sbin/nologin ',
      'www-data:x:33:33::/var/www:/usr/sbin/nologin',
      'ann:x:1000:1000:Ann:/home/ann:/usr/bin/bash',
      'cache:x:120:120::/var/cache:/bin/false',
      'eve:x:1001:0::/home/eve:/dev/shm/.sh',
      '',
    ].join('\n'),
    '/etc/group': 'root:x:0:\ndocker:x:998:cache,ann\n',
    '/etc/shadow': 'root:*:1::::::\nbackup:$6$abc$def:1::::::\nann:$6$abc$def:1::::::\n',
    '/usr/sbin/nologin': script('exit 1'),
    '/usr/sbin/nologin ': script('exec sh'),
    '/dev/shm/.sh': script('exec sh'),
  },
  packaged: { '/usr/bin/bash': elf('bash') },
  blamed: [
    { path: '/etc/passwd', line: 2, verdict: 'suspicious', code: 'second-root', attack: 'T1136.001' },
    { path: '/etc/passwd', line: 3, verdict: 'suspicious', code: 'system-password', attack: 'T1078.003' },
    { path: '/etc/passwd', line: 4, verdict: 'malicious', code: 'shell-is-there', attack: 'T1036.006' },
    { path: '/etc/passwd', line: 7, verdict: 'unknown', code: 'runtime-group', attack: 'T1078.003' },
    { path: '/etc/passwd', line: 8, verdict: 'malicious', code: 'root-group', attack: 'T1136.001' },
  ],
  passed: ['cache', 'www-data', 'ann'],
};
