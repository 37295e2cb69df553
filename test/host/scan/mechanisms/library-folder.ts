import type { Pair } from './pair.ts';

export const pair: Pair = {
  packaged: { '/etc/ld.so.conf.d/libc.conf': '/usr/local/lib\n' },
  tree: {
    '/etc/ld.so.conf.d/app.conf': '/opt/app/lib\n',
    '/etc/ld.so.conf.d/a.conf': '# libs\n/dev/shm/.lib\n',
  },
  blamed: [
    {
      path: '/etc/ld.so.conf.d/a.conf',
      line: 2,
      verdict: 'malicious',
      code: 'temporary-folder',
      attack: 'T1574.006',
    },
  ],
  passed: ['app.conf', 'libc.conf'],
};
