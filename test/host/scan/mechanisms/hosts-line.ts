import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/hosts':
      '127.0.0.1 localhost\n0.0.0.0 update.aegis.aliyun.com security.debian.org\n10.0.0.5 db.internal\n',
    '/etc/dnsmasq.d/names.conf':
      'address=/update.aegis.aliyun.com/0.0.0.0\naddress=/dev.example/127.0.0.1\naddress=/deb.debian.org/\n',
  },
  blamed: [
    { path: '/etc/hosts', line: 2, verdict: 'malicious', code: 'security-domain-sunk', attack: 'T1685' },
    {
      path: '/etc/dnsmasq.d/names.conf',
      line: 1,
      verdict: 'malicious',
      code: 'security-domain-sunk',
      attack: 'T1562.001',
    },
    {
      path: '/etc/dnsmasq.d/names.conf',
      line: 3,
      verdict: 'malicious',
      code: 'update-domain-sunk',
      attack: 'T1562.001',
    },
  ],
  passed: ['names.conf line 2', '/etc/hosts line 1', '/etc/hosts line 3'],
};
