import type { Gathered } from './gathered.ts';
import { type Look, linkTarget, listFolder, readLines, statHere } from './look.ts';
import { markSetting } from './mark-setting.ts';
import type { Ownership } from './owning.ts';

/** Units that watch over a host. Those of `stock` are enabled by their package, so that one that is not was switched off. */
const UNITS: readonly { readonly unit: string; readonly isStock: boolean }[] = [
  ...['auditd', 'rsyslog', 'apparmor', 'fail2ban', 'crowdsec', 'wazuh-agent', 'falcon-sensor', 'mdatp'].map(
    (unit) => ({ unit, isStock: true }),
  ),
  ...[
    'falco',
    'osqueryd',
    'clamav-daemon',
    'aegis',
    'aliyun',
    'cloudmonitor',
    'YDService',
    'tat_agent',
    'hostguard',
    'bcm-agent',
    'hosteye',
    'heyeAgent-install',
    'auditbeat',
    'sysmon',
    'systemd-journald',
    'firewalld',
    'sentinelone',
  ].map((unit) => ({ unit, isStock: false })),
];
const ROOTS = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];

/** Security software that is there and kept from running: masked, not enabled, or told to do nothing. */
export async function enumerateAgentsDisabled(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const wanted = new Set(
    listFolder(look, 'impairment', '/etc/systemd/system')
      .filter((name) => /\.(wants|requires)$/.test(name))
      .flatMap((name) => listFolder(look, 'impairment', `/etc/systemd/system/${name}`)),
  );
  for (const { unit, isStock } of UNITS) {
    const name = `${unit}.service`;
    const own = `/etc/systemd/system/${name}`;
    const installed = ROOTS.slice(1).find((root) => statHere(look, `${root}/${name}`)?.isFile());
    if (linkTarget(look, own) === '/dev/null')
      markSetting(look, gathered, {
        part: 'impairment',
        code: 'agent-masked',
        name,
        path: own,
        details: { value: `${name} is masked: nothing can start it` },
        advice: `systemctl unmask ${name}, and start it`,
      });
    else if (isStock && installed !== undefined && !wanted.has(name) && statHere(look, own) === null) {
      const path = `${installed}/${name}`;
      markSetting(look, gathered, {
        part: 'impairment',
        code: 'agent-not-enabled',
        name,
        path,
        package: (await ownership.owners([path])).get(path) ?? null,
        details: { value: `${name} is installed, and not started with the host` },
        advice: `systemctl enable --now ${name}, if it is to run here`,
      });
    }
  }
  readLines(look, 'impairment', '/etc/selinux/config')?.forEach((line, index) => {
    const mode = /^\s*SELINUX\s*=\s*(disabled|permissive)\b/.exec(line)?.[1];
    if (mode !== undefined)
      markSetting(look, gathered, {
        part: 'impairment',
        code: 'agent-not-enabled',
        name: 'SELinux',
        path: '/etc/selinux/config',
        line: index + 1,
        details: { value: `SELinux is set to ${mode}` },
        advice: 'set it to enforcing, if it was; the labels are made anew at the next start',
      });
  });
  return UNITS.length;
}
