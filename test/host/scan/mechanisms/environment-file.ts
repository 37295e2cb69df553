import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/systemd/system.conf':
      '[Manager]\n#LogLevel=info\nDefaultEnvironment="LD_PRELOAD=/var/tmp/.l/libx.so"\n',
    '/home/ann/.pam_environment': 'LD_PRELOAD DEFAULT=/dev/shm/l.so\n',
    '/etc/environment.d/90-locale.conf': 'LANG=C.UTF-8\nPERL5LIB=/opt/app/lib/perl5\n',
    '/etc/environment.d/99-x.conf':
      'PERL5OPT=-I/var/tmp/.p -MX\nOPENSSL_CONF=/dev/shm/.o/x.cnf\nJAVA_TOOL_OPTIONS=-Dx=1 -javaagent:/var/tmp/.j/a.jar\n',
    '/etc/systemd/user.conf':
      '[Manager]\nDefaultEnvironment=TZ=UTC "NODE_OPTIONS=--require /dev/shm/.n/x.js"\n',
  },
  blamed: [
    {
      path: '/etc/systemd/system.conf',
      line: 3,
      verdict: 'malicious',
      code: 'loads-library',
      attack: 'T1574.006',
    },
    {
      path: '/home/ann/.pam_environment',
      line: 1,
      verdict: 'malicious',
      code: 'temporary-folder',
      attack: 'T1574.006',
    },
    ...[1, 2, 3].map((line) => at('/etc/environment.d/99-x.conf', line)),
    at('/etc/systemd/user.conf', 2),
  ],
  passed: ['90-locale.conf'],
};

function at(path: string, line: number) {
  return { path, line, code: 'temp-folder', attack: 'T1574.006', verdict: 'malicious' } as const;
}
