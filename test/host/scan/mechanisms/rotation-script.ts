import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/logrotate.d/net':
      '/var/log/net.log {\n  daily\n  postrotate\n    /var/tmp/.r/run &\n  endscript\n}\n',
    '/etc/logrotate.d/nginx':
      '/var/log/nginx/*.log {\n  postrotate\n    invoke-rc.d nginx rotate >/dev/null 2>&1\n  endscript\n}\n',
  },
  blamed: [
    { path: '/etc/logrotate.d/net', line: 4, verdict: 'malicious', code: 'temp-folder', attack: 'T1053.003' },
  ],
  passed: ['logrotate.d/nginx'],
};
