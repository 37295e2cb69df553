import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/ld.so.preload': '/usr/local/lib/.h/libsystem.so\n/usr/lib/libjemalloc.so.2\n',
    '/usr/local/lib/.h/libsystem.so': elf('so'),
  },
  packaged: { '/usr/lib/libjemalloc.so.2': elf('allocator') },
  blamed: [
    { path: '/etc/ld.so.preload', line: 1, verdict: 'malicious', code: 'hidden-path', attack: 'T1574.006' },
  ],
  passed: ['ld.so.preload line 2'],
};
