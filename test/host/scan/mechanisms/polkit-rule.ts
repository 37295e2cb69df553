import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/polkit-1/rules.d/00-a.rules':
      'polkit.addRule(function(action, subject) {\n    return polkit.Result.YES;\n});\n',
    '/etc/polkit-1/rules.d/10-wheel.rules':
      'polkit.addRule(function(action, subject) {\n  if (subject.isInGroup("libvirt")) {\n    return polkit.Result.YES;\n  }\n});\n',
    '/var/lib/polkit-1/localauthority/50-local.d/a.pkla':
      '[All]\nIdentity=unix-user:*\nAction=*\nResultAny=yes\n',
  },
  blamed: [
    {
      path: '/etc/polkit-1/rules.d/00-a.rules',
      line: 2,
      verdict: 'suspicious',
      code: 'allows-all',
      attack: 'T1556',
    },
    {
      path: '/var/lib/polkit-1/localauthority/50-local.d/a.pkla',
      verdict: 'suspicious',
      code: 'allows-all',
      attack: 'T1556',
    },
  ],
  passed: ['10-wheel.rules'],
};
