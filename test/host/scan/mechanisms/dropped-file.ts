import { elf, type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/dev/shm/.x/kdevtmpfsi': elf('stratum+tcp://'),
    '/usr/lib/.sys/upd': elf('x'),
    '/tmp/build/configure': script('exit 0'),
    '/root/.cargo/bin/cargo': elf('cargo'),
  },
  blamed: [
    { path: '/dev/shm/.x/kdevtmpfsi', verdict: 'malicious', code: 'miner-name', attack: 'T1564.001' },
    { path: '/usr/lib/.sys/upd', verdict: 'suspicious', code: 'hidden-path', attack: 'T1564.001' },
  ],
  passed: ['/tmp/build/configure', '/root/.cargo'],
};
