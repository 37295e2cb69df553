import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  packaged: {
    '/usr/bin/curl': elf('curl'),
    '/usr/bin/chattr': elf('chattr'),
    '/usr/bin/wget': elf('wget'),
    '/usr/bin/top': elf('top'),
  },
  tree: { '/usr/bin/cdt': elf('curl'), '/usr/bin/tntrecht': elf('chattr'), '/usr/local/bin/own': elf('own') },
  prepare: (root) => {
    for (const name of ['curl', 'chattr', 'top']) rmSync(join(root, 'usr/bin', name));
    return undefined;
  },
  blamed: [
    { path: '/usr/bin/cdt', verdict: 'malicious', code: 'tool-gone', attack: 'T1036.003' },
    { path: '/usr/bin/tntrecht', verdict: 'malicious', code: 'tool-gone', attack: 'T1036.003' },
    { path: '/usr/bin/top', verdict: 'suspicious', code: 'tool-gone', attack: 'T1036.003' },
  ],
  passed: ['/usr/bin/wget', '/usr/local/bin/own'],
};
