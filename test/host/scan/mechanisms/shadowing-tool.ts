import { elf, type Pair, script } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/bin/top': elf('top'), '/usr/bin/ss': elf('ss') },
  tree: {
    '/usr/local/bin/top': script('/usr/bin/top "$@" | grep -v kinsing'),
    '/etc/profile.d/x.sh': 'export PATH=/bin/.local/bin:$PATH\n',
    '/bin/.local/bin/ss': elf('fake'),
    '/usr/bin/top.original': elf('top'),
    '/usr/local/bin/backup': elf('own'),
    '/home/ann/.profile': 'PATH="/home/ann/tools:$PATH"\n',
    '/home/ann/tools/own': elf('own'),
  },
  blamed: [
    { path: '/usr/local/bin/top', verdict: 'malicious', code: 'filters', attack: 'T1574.007' },
    { path: '/bin/.local/bin/ss', verdict: 'malicious', code: 'shadows-tool', attack: 'T1574.007' },
    { path: '/usr/bin/top.original', verdict: 'suspicious', code: 'twin', attack: 'T1554' },
  ],
  passed: ['/usr/local/bin/backup', '/home/ann/tools/own'],
};
