import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/iptables/rules.v4':
      '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A OUTPUT -p tcp -m multiport --dports 3333,5555,7777 -j DROP\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n',
    '/etc/nftables.conf':
      'table inet filter {\n\tchain output {\n\t\ttcp dport { 3333, 14444 } drop\n\t}\n\tchain input {\n\t\ttcp dport 443 accept\n\t}\n}\ntable inet tourniquet_block {\n\tchain out {\n\t\ttcp dport 3333 drop\n\t}\n}\n',
  },
  blamed: [
    {
      path: '/etc/iptables/rules.v4',
      line: 4,
      verdict: 'suspicious',
      code: 'keeps-rivals-off',
      attack: 'T1686',
    },
    {
      path: '/etc/nftables.conf',
      line: 3,
      verdict: 'suspicious',
      code: 'keeps-rivals-off',
      attack: 'T1562.004',
    },
  ],
  passed: ['--dport 22', '10.0.0.0/8', 'tcp dport 443', 'tcp dport 3333 drop'],
};
