import type { Gathered } from './gathered.ts';
import { type Look, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';

interface Agent {
  readonly name: string;
  /** What is left when only its program was taken away. */
  readonly traces: readonly string[];
  /** Any of them: it is there. */
  readonly programs: readonly string[];
}

/**
 * Agents that miners are known to remove, from the uninstall scripts of their droppers and the vendors' pages; those of
 * Tencent also from the installer of github.com/Tencent/tat-agent, Baidu's from listings of such hosts (a script of System V
 * each in /etc/init.d, programs in /opt).
 */
const AGENTS: readonly Agent[] = [
  {
    name: 'Alibaba Cloud Security Center (aegis)',
    traces: ['/usr/local/aegis', '/etc/init.d/aegis', '/etc/systemd/system/aegis.service'],
    programs: ['/usr/local/aegis/aegis_client', '/usr/local/aegis/AliYunDun'],
  },
  {
    name: 'Alibaba Cloud monitor',
    traces: ['/usr/local/cloudmonitor', '/etc/systemd/system/cloudmonitor.service'],
    programs: [
      '/usr/local/cloudmonitor/bin',
      '/usr/local/cloudmonitor/CmsGoAgent.linux-amd64',
      '/usr/local/cloudmonitor/cloudmonitorCtl.sh',
    ],
  },
  {
    name: 'Tencent Cloud Workload Protection (YunJing)',
    traces: ['/usr/local/qcloud/YunJing', '/etc/init.d/ydservice', '/etc/systemd/system/YDService.service'],
    programs: ['/usr/local/qcloud/YunJing/YDEyes/YDService', '/usr/local/qcloud/YunJing/YDLive/YDLive'],
  },
  {
    name: 'Alibaba Cloud assistant',
    traces: ['/etc/init.d/agentwatch', '/etc/systemd/system/aliyun.service'],
    programs: ['/usr/sbin/aliyun-service', '/usr/local/share/aliyun-assist'],
  },
  {
    name: 'Tencent Cloud agent (stargate)',
    traces: ['/usr/local/qcloud/stargate', '/etc/cron.d/sgagenttask'],
    programs: ['/usr/local/qcloud/stargate/admin', '/usr/local/qcloud/stargate/bin'],
  },
  {
    name: 'Tencent Cloud monitor (barad)',
    traces: ['/usr/local/qcloud/monitor'],
    programs: ['/usr/local/qcloud/monitor/barad/admin', '/usr/local/qcloud/monitor/barad/bin'],
  },
  {
    name: 'Tencent Cloud automation (tat_agent)',
    traces: ['/usr/local/qcloud/tat_agent', '/etc/systemd/system/tat_agent.service'],
    programs: ['/usr/local/qcloud/tat_agent/tat_agent', '/var/lib/qcloud/tat_agent/tat_agent'],
  },
  {
    name: 'Baidu Cloud monitor (bcm-agent)',
    traces: [...ofInit('bcm-agent'), '/etc/systemd/system/bcm-agent.service'],
    programs: ['/opt/bcm-agent'],
  },
  {
    name: 'Baidu Cloud host security (hosteye)',
    traces: ['/opt/hosteye', ...ofInit('hosteye')],
    programs: ['/opt/hosteye/bin'],
  },
  {
    name: 'Baidu Cloud host security (heyeAgent)',
    traces: ['/opt/heyeAgent', '/etc/systemd/system/heyeAgent-install.service'],
    programs: ['/opt/heyeAgent/bin/heyeAgent'],
  },
  {
    name: 'Huawei Cloud Host Security (hostguard)',
    traces: ['/usr/local/hostguard', '/etc/init.d/hostguard', '/etc/systemd/system/hostguard.service'],
    programs: ['/usr/local/hostguard/bin/hostguard'],
  },
  {
    name: 'CrowdStrike Falcon sensor',
    traces: ['/opt/CrowdStrike', '/etc/systemd/system/multi-user.target.wants/falcon-sensor.service'],
    programs: ['/opt/CrowdStrike/falcond'],
  },
  {
    name: 'Wazuh agent',
    traces: ['/var/ossec/etc'],
    programs: [
      '/var/ossec/bin/wazuh-agentd',
      '/var/ossec/bin/ossec-agentd',
      '/var/ossec/bin/wazuh-analysisd',
      '/var/ossec/bin/ossec-analysisd',
    ],
  },
  {
    name: 'Microsoft Defender',
    traces: ['/etc/opt/microsoft/mdatp'],
    programs: ['/opt/microsoft/mdatp/sbin/wdavdaemon'],
  },
  { name: 'SentinelOne', traces: ['/opt/sentinelone'], programs: ['/opt/sentinelone/bin'] },
  { name: 'Falco', traces: ['/etc/falco/falco.yaml'], programs: ['/usr/bin/falco', '/usr/local/bin/falco'] },
];

/** What System V’s start scripts leave, if only some of them go. */
function ofInit(name: string): readonly string[] {
  return [`/etc/init.d/${name}`, `/etc/rc.d/init.d/${name}`];
}

/** Programs of packages that watch over a host; the package still says that it is installed. */
const PACKAGED = [
  '/usr/sbin/auditd',
  '/usr/sbin/rsyslogd',
  '/usr/bin/osqueryd',
  '/usr/bin/fail2ban-server',
  '/usr/sbin/clamd',
  '/usr/bin/clamscan',
  '/usr/sbin/apparmor_parser',
  '/usr/bin/rkhunter',
  '/usr/sbin/chkrootkit',
  '/usr/bin/debsums',
];

/** Security software whose traces are there and whose program is gone. */
export async function enumerateAgentsGone(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  for (const { name, traces, programs } of AGENTS) {
    const trace = traces.find((path) => statHere(look, path) !== null);
    if (trace === undefined || programs.some((path) => statHere(look, path) !== null)) continue;
    markFile(look, gathered, {
      part: 'impairment',
      code: 'agent-gone',
      path: trace,
      package: undefined,
      advice: `install ${name} again, after the host is clean`,
      details: { value: `${name} has been on this host, and its program is gone` },
    });
  }
  const owners = await ownership.owners(PACKAGED);
  for (const path of PACKAGED) {
    const owner = owners.get(path);
    if (typeof owner !== 'string' || statHere(look, path) !== null) continue;
    gathered.marks.push({
      part: 'impairment',
      code: 'agent-gone',
      name: path,
      place: { path },
      removable: null,
      details: { value: `The package ${owner} is installed, and its program is gone` },
      advice: `install the package ${owner} again`,
      times: null,
      owner: null,
      package: owner,
    });
  }
  return AGENTS.length + PACKAGED.length;
}
