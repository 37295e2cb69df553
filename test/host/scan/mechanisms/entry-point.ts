import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/redis/redis.conf': 'port 6379\nbind 0.0.0.0\nprotected-mode no\n',
    '/etc/redis.conf': 'port 6380\nbind 127.0.0.1\nprotected-mode yes\n',
  },
  blamed: [
    {
      path: '/etc/redis/redis.conf',
      line: 3,
      verdict: 'unknown',
      code: 'open-service',
      attack: 'T1190',
    },
  ],
  passed: ['/etc/redis.conf'],
};
