import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/usr/share/dbus-1/system-services/org.x.conf.service':
      '[D-BUS Service]\nName=org.x\nExec=/var/tmp/.d/d\nUser=root\n',
    '/usr/share/dbus-1/system-services/org.agent.service':
      '[D-BUS Service]\nName=org.agent\nExec=/opt/agent/bin/agentd\nUser=root\n',
  },
  blamed: [
    {
      path: '/usr/share/dbus-1/system-services/org.x.conf.service',
      line: 3,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1543',
    },
  ],
  passed: ['org.agent.service'],
};
