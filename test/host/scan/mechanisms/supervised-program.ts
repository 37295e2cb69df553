import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/supervisor/conf.d/net.conf': '[program:net]\ncommand=/var/tmp/.n/net -d\nautorestart=true\n',
    '/etc/supervisor/conf.d/worker.conf':
      '[program:worker]\ncommand=/usr/bin/php /srv/app/artisan queue:work\n',
    '/etc/inetd.conf':
      'echo stream tcp nowait root /dev/shm/.e/e e -i\nssh stream tcp nowait root /usr/sbin/sshd sshd -i\n',
    '/etc/sv/m/run': script('exec /tmp/.X0-unix/m'),
  },
  blamed: [
    {
      path: '/etc/supervisor/conf.d/net.conf',
      line: 2,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1543',
    },
    { path: '/etc/inetd.conf', line: 1, verdict: 'malicious', code: 'temp-folder', attack: 'T1543' },
    { path: '/etc/sv/m/run', line: 2, verdict: 'malicious', code: 'hidden-path', attack: 'T1543' },
  ],
  passed: ['worker.conf', '/etc/inetd.conf line 2'],
};
