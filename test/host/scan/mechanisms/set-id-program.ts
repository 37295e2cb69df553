import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/bin/su': { text: '\x7fELFsu', mode: 0o4755 }, '/bin/bash': elf('bash') },
  tree: {
    '/usr/lib/x/wizlmsh': { text: '\x7fELFbash', mode: 0o4755 },
    '/var/tmp/a': { text: 'x', mode: 0o4755 },
  },
  blamed: [
    { path: '/usr/lib/x/wizlmsh', verdict: 'malicious', code: 'set-id-shell', attack: 'T1548.001' },
    { path: '/var/tmp/a', verdict: 'malicious', code: 'set-id-in-temp', attack: 'T1548.001' },
  ],
  passed: ['/usr/bin/su'],
};
