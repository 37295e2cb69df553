import { elf, type Pair, script } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/bin/ps': elf('ps'), '/usr/bin/ss': elf('ss'), '/usr/bin/netstat': elf('netstat') },
  tree: {
    '/usr/bin/ps': script('/usr/bin/ps.original "$@" | grep -v xmrig'),
    '/usr/bin/netstat': elf('other'),
  },
  blamed: [
    { path: '/usr/bin/ps', verdict: 'malicious', code: 'script-for-program', attack: 'T1554' },
    { path: '/usr/bin/netstat', verdict: 'malicious', code: 'changed-tool', attack: 'T1554' },
  ],
  passed: ['/usr/bin/ss'],
};
