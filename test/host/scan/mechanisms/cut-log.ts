import type { Pair } from './pair.ts';

/** A log-in of root, and noughts for the next, as useradd(8) writes them. */
const lastlog = Buffer.alloc(2 * 292);
lastlog.writeUInt32LE(1_790_000_000);

export const pair: Pair = {
  tree: {
    '/var/log/auth.log': { link: '/dev/null' },
    '/var/log/syslog': '',
    '/var/log/wtmp': '',
    '/var/log/lastlog': { bytes: lastlog },
    '/root/.bash_history': { link: '/dev/null' },
    '/home/ann/.bash_history': { link: '/srv/history/ann' },
  },
  blamed: [
    { path: '/var/log/auth.log', verdict: 'suspicious', code: 'log-to-null', attack: 'T1685.006' },
    { path: '/var/log/wtmp', verdict: 'suspicious', code: 'emptied', attack: 'T1070.002' },
    { path: '/root/.bash_history', verdict: 'suspicious', code: 'history-to-null', attack: 'T1690' },
  ],
  passed: ['/var/log/syslog', '/home/ann/.bash_history'],
};
