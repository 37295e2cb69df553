import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/sbin/auditd': elf('auditd'), '/usr/sbin/rsyslogd': elf('rsyslogd') },
  tree: {
    '/usr/local/aegis/globalcfg/domaincfg.ini': 'x',
    '/usr/local/hostguard/conf/agent.ini': 'x',
    '/etc/systemd/system/aliyun.service':
      '[Service]\nExecStart=/usr/local/share/aliyun-assist/2.2/aliyun-service\n',
    '/usr/local/share/aliyun-assist/2.2/aliyun-service': elf('a'),
    '/usr/local/qcloud/monitor/barad/log/dispatcher.log': 'x',
    '/usr/local/qcloud/tat_agent/tat_agent': elf('t'),
    '/etc/init.d/bcm-agent': '#!/bin/sh\n# chkconfig: 2345 50 50\n',
    '/opt/hosteye/bin/upgrade': elf('u'),
    '/opt/heyeAgent/conf/agent.conf': 'x',
    '/var/ossec/etc/ossec.conf': 'x',
    '/var/ossec/bin/wazuh-agentd': elf('w'),
  },
  prepare: (root) => {
    rmSync(join(root, 'usr/sbin/auditd'));
    return undefined;
  },
  blamed: [
    { path: '/usr/local/aegis', verdict: 'suspicious', code: 'agent-gone', attack: 'T1685' },
    { path: '/usr/local/hostguard', verdict: 'suspicious', code: 'agent-gone', attack: 'T1685' },
    { path: '/usr/local/qcloud/monitor', verdict: 'suspicious', code: 'agent-gone', attack: 'T1685' },
    {
      path: '/etc/init.d/bcm-agent',
      title: '/etc/init.d/bcm-agent',
      verdict: 'suspicious',
      code: 'agent-gone',
      attack: 'T1685',
    },
    { path: '/opt/heyeAgent', verdict: 'suspicious', code: 'agent-gone', attack: 'T1685' },
    { path: '/usr/sbin/auditd', verdict: 'suspicious', code: 'agent-gone', attack: 'T1562.001' },
  ],
  passed: ['ossec', 'aliyun', 'hosteye', 'tat_agent', '/usr/sbin/rsyslogd'],
};
