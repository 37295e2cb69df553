import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/home/ann/.aws/credentials':
      '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    '/home/ann/.aws/config': '[default]\nregion = eu-central-1\n',
  },
  blamed: [
    { path: '/home/ann/.aws/credentials', verdict: 'unknown', code: 'exposed-secret', attack: 'T1552.001' },
  ],
  passed: ['/home/ann/.aws/config'],
};
