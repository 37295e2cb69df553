import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  packaged: { '/etc/update-motd.d/10-uname': script('uname -snrvm') },
  tree: {
    '/etc/update-motd.d/98-stats': script('(nohup /tmp/.font-unix2/x >/dev/null 2>&1 &)'),
    '/etc/update-motd.d/20-welcome': script('echo "Welcome to web-1"'),
  },
  blamed: [
    {
      path: '/etc/update-motd.d/98-stats',
      line: 2,
      verdict: 'malicious',
      code: 'hidden-path',
      attack: 'T1037',
    },
  ],
  passed: ['10-uname', '20-welcome'],
};
