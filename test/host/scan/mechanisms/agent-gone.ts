import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/sbin/auditd': elf('auditd'), '/usr/sbin/rsyslogd': elf('rsyslogd') },
  tree: {
    '/usr/local/aegis/globalcfg/domaincfg.ini': 'x',
    '/var/ossec/etc/ossec.conf': 'x',
    '/var/ossec/bin/wazuh-agentd': elf('w'),
  },
  prepare: (root) => {
    rmSync(join(root, 'usr/sbin/auditd'));
    return undefined;
  },
  blamed: [
    { path: '/usr/local/aegis', verdict: 'suspicious', code: 'agent-gone', attack: 'T1685' },
    { path: '/usr/sbin/auditd', verdict: 'suspicious', code: 'agent-gone', attack: 'T1562.001' },
  ],
  passed: ['ossec', '/usr/sbin/rsyslogd'],
};
