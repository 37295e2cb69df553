import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/apt/sources.list': 'deb http://deb.debian.org/debian bookworm main\n',
    '/etc/apt/sources.list.d/x.list': 'deb [trusted=yes] http://203.0.113.9/debian ./\n',
    '/etc/apt/sources.list.d/own.list': 'deb https://packages.example.com/apt stable main\n',
  },
  blamed: [
    {
      path: '/etc/apt/sources.list.d/x.list',
      line: 1,
      verdict: 'suspicious',
      code: 'unsigned',
      attack: 'T1195.002',
    },
  ],
  passed: ['/etc/apt/sources.list line 1', 'own.list'],
};
