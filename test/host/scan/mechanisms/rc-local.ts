import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/rc.local': script(
      'mount -a\nnohup /tmp/.ICEd-unix/m >/dev/null 2>&1 &\n/usr/local/bin/set-leds\nexit 0',
    ),
  },
  blamed: [
    { path: '/etc/rc.local', line: 3, verdict: 'malicious', code: 'hidden-path', attack: 'T1037.004' },
  ],
  passed: ['/etc/rc.local line 2', '/etc/rc.local line 4'],
};
