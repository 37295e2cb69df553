import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  packaged: { '/etc/init.d/cron': script('exec /usr/sbin/cron') },
  tree: {
    '/etc/init.d/netdns': script('DIR=/var/tmp/.font-unix2\ncase "$1" in\nstart) "$DIR/netdns" -d ;;\nesac'),
    '/etc/init.d/hostwatch': script('start-stop-daemon --start --exec /opt/hostwatch/bin/agent'),
  },
  blamed: [
    { path: '/etc/init.d/netdns', line: 4, verdict: 'malicious', code: 'hidden-path', attack: 'T1037.004' },
  ],
  passed: ['/etc/init.d/cron', '/etc/init.d/hostwatch'],
};
