import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  packaged: {
    '/usr/lib/x86_64-linux-gnu/security/pam_unix.so': elf('unix'),
    '/usr/lib/x86_64-linux-gnu/security/pam_deny.so': elf('deny'),
  },
  tree: {
    '/usr/lib/x86_64-linux-gnu/security/pam_unix.so': elf('other'),
    '/usr/lib/x86_64-linux-gnu/security/pam_cap2.so': elf('cap2'),
  },
  blamed: [
    {
      path: '/usr/lib/x86_64-linux-gnu/security/pam_unix.so',
      verdict: 'malicious',
      code: 'changed-module',
      attack: 'T1556.003',
    },
    {
      path: '/usr/lib/x86_64-linux-gnu/security/pam_cap2.so',
      verdict: 'suspicious',
      code: 'unowned-module',
      attack: 'T1556.003',
    },
  ],
  passed: ['pam_deny.so'],
};
