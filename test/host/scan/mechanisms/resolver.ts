import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/resolv.conf': 'nameserver 203.0.113.53\nnameserver 10.0.0.2\n',
    '/etc/systemd/resolved.conf.d/fast.conf':
      '[Resolve]\nDNS=10.0.0.2 203.0.113.54#dns.example\nDomains=~.\n',
    '/etc/systemd/resolved.conf': '[Resolve]\n#DNS=203.0.113.1\nFallbackDNS=9.9.9.9 10.0.0.2\n',
    '/etc/dnsmasq.d/up.conf': 'server=203.0.113.55#5353\nserver=/corp.example/203.0.113.9\nserver=10.0.0.2\n',
  },
  blamed: [
    { path: '/etc/resolv.conf', line: 1, verdict: 'benign', code: 'unknown-resolver', attack: 'T1584.002' },
    ...[['/etc/systemd/resolved.conf.d/fast.conf', 2] as const, ['/etc/dnsmasq.d/up.conf', 1] as const].map(
      ([path, line]) =>
        ({ path, line, verdict: 'benign', code: 'unknown-resolver', attack: 'T1584.002' }) as const,
    ),
  ],
  passed: ['/etc/resolv.conf line 2', '/etc/systemd/resolved.conf', 'up.conf line 2', 'up.conf line 3'],
};
