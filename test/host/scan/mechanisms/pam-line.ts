import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/pam.d/common-auth':
      'auth [success=1 default=ignore] pam_unix.so nullok\nauth optional pam_exec.so quiet expose_authtok /var/tmp/.x/log.sh\n',
    '/etc/pam.d/sshd': 'auth sufficient pam_permit.so\n@include common-auth\n',
    '/etc/pam.d/su': 'auth sufficient pam_rootok.so\n',
    '/var/tmp/.x/log.sh': script('exit 0'),
  },
  blamed: [
    {
      path: '/etc/pam.d/common-auth',
      line: 2,
      verdict: 'malicious',
      code: 'hidden-path',
      attack: 'T1556.003',
    },
    {
      path: '/etc/pam.d/sshd',
      line: 1,
      verdict: 'malicious',
      code: 'lets-everybody-in',
      attack: 'T1556.003',
    },
  ],
  passed: ['common-auth line 1', '/etc/pam.d/su'],
};
