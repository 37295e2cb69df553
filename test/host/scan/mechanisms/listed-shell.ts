import { elf, type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/shells': '# shells\n/bin/sh\n/usr/sbin/nologin \n/bin/bash\n',
    '/bin/sh': elf('sh'),
    '/bin/bash': elf('bash'),
    '/usr/sbin/nologin ': script('exec sh'),
  },
  blamed: [
    { path: '/etc/shells', line: 3, verdict: 'malicious', code: 'shell-with-blank', attack: 'T1036.006' },
  ],
  passed: ['/etc/shells line 2', '/etc/shells line 4'],
};
