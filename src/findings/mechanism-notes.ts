import type { ScanScope } from './scan.ts';

/** One row of the table of mechanisms: what is looked for, where it is read, what takes it away. */
export interface MechanismNote {
  /** Under which its tests are filed: one real case, and one beside it that is not blamed. */
  readonly name: string;
  readonly what: string;
  readonly places: string;
  readonly attack: readonly string[];
  /** The operation, or what a person does where none fits. */
  readonly remedy: string;
}

const EDIT = 'edit-file';
const MOVE = 'quarantine-file';

/** What is not one of mechanisms.ts, by scope; a name each, under which its pair of tests is filed. */
export const NOTES: Readonly<Record<ScanScope, readonly MechanismNote[]>> = {
  processes: [
    row(
      'process',
      'miners, droppers and their guards that run',
      '/proc/PID: exe, cmdline, environ, cwd, cgroup, CPU time',
      ['T1496.001', 'T1036.004', 'T1070.004', 'T1620', 'T1574.006'],
      'freeze-process, kill-process',
    ),
  ],
  connections: [
    row(
      'connection',
      'pools and other remote ends, connected or named by an entry',
      '/proc/net, texts of entries',
      ['T1071', 'T1105'],
      'block-address',
    ),
  ],
  'hidden-processes': [
    row(
      'hidden-process',
      'processes that a listing of /proc does not show, CPU time of nobody',
      'process numbers up to pid_max, cgroup.procs, /proc/stat',
      ['T1014'],
      'kill-process',
    ),
    row(
      'mount-over-process',
      'mounts over /proc/PID',
      'mountinfo',
      ['T1564.013'],
      'reveal-process, kill-process',
    ),
  ],
  cron: [
    row(
      'crontab',
      'crontabs of users and of the system, cron.d, anacron',
      '/etc/crontab, /etc/anacrontab, /etc/cron.d, /var/spool/cron, /etc/crontabs',
      ['T1053.003'],
      EDIT,
    ),
    row(
      'cron-script',
      'periodic scripts',
      '/etc/cron.{hourly,daily,weekly,monthly}, /etc/periodic',
      ['T1053.003'],
      MOVE,
    ),
  ],
  units: [
    row(
      'unit',
      'services, paths, sockets; transient, linked and look-alike ones; LD_PRELOAD in their environment',
      'systemd/system of /etc, /run, /usr/local/lib, /usr/lib; /run/systemd/transient',
      ['T1543.002', 'T1036.004', 'T1574.006'],
      `disable-unit, ${MOVE}`,
    ),
    row('timer', 'timers', 'as units', ['T1053.006'], `disable-unit, ${MOVE}`),
    row(
      'unit-drop-in',
      'settings added to a unit',
      '*.service.d and its like, in the same roots',
      ['T1543.002'],
      MOVE,
    ),
    row(
      'user-unit',
      'units of users',
      'systemd/user of the same roots, ~/.config and ~/.local/share, /run/user',
      ['T1543.002'],
      `disable-unit, ${MOVE}`,
    ),
  ],
  containers: [
    row(
      'container',
      'containers of docker, podman, cri-o, containerd, LXC, LXD and Incus: image, command, environment, reach',
      '/var/lib/docker, /var/lib/containers/storage, /run/containerd and meta.db, /var/lib/lxc, backup.yaml of LXD; the same in homes',
      ['T1610', 'T1611', 'T1496.002'],
      'stop-container',
    ),
  ],
  'shell-start': [
    row(
      'shell-start-line',
      'lines added to what a shell runs when it starts: commands, traps, aliases; LD_PRELOAD, PATH, PROMPT_COMMAND and their like',
      'start files of sh, bash, zsh, csh and fish, of the system, of /etc/skel and of every home; profile.d, bash_completion.d, /etc/environment',
      ['T1546.004', 'T1574.006', 'T1574.007'],
      EDIT,
    ),
  ],
  preload: [
    row(
      'preload-entry',
      'libraries loaded into every program',
      '/etc/ld.so.preload',
      ['T1574.006', 'T1014'],
      EDIT,
    ),
    row(
      'library-file',
      'libraries that are no package’s or not as it brought them, where programs load them unasked',
      'services of /etc/nsswitch.conf, what /etc/ld.so.cache gives, libraries of log-in and of libc, plugins of sudo, SASL, Kerberos, GSSAPI, OpenSSL, GIO, iptables, gconv',
      ['T1574.006', 'T1554', 'T1556'],
      `${MOVE}, reinstall-package, by hand`,
    ),
  ],
  'authorized-keys': [
    row(
      'authorized-key',
      'keys that may log in, of system accounts too',
      'authorized_keys of every home, and wherever sshd -T or sshd_config points',
      ['T1098.004'],
      EDIT,
    ),
  ],
  'hosts-file': [
    row(
      'hosts-line',
      'names that are sunk or led elsewhere',
      '/etc/hosts, address= of dnsmasq',
      ['T1565.001', 'T1562.001'],
      EDIT,
    ),
  ],
  'dropped-files': [
    row(
      'dropped-file',
      'programs and scripts where none belong, and what entries lead to',
      '/tmp, /var/tmp, /dev/shm, /run/user, targets of entries',
      ['T1105', 'T1564.001'],
      MOVE,
    ),
  ],
  accounts: [
    row(
      'account',
      'second roots, unexpected logins, passwords of system accounts, shells with odd names',
      '/etc/passwd, /etc/shadow, /etc/group',
      ['T1136.001', 'T1078.003', 'T1036.006'],
      'lock-account, expire-password',
    ),
    row(
      'listed-shell',
      'shells that are none, or end in a blank',
      '/etc/shells',
      ['T1036.006', 'T1136.001'],
      EDIT,
    ),
  ],
  'host-keys': [
    row('host-key', 'keys of this host', '/etc/ssh/ssh_host_*', ['T1552.004'], 'replace-host-keys'),
  ],
  packages: [
    row('pending-update', 'updates that wait', 'the package manager', ['T1190'], 'upgrade-packages'),
    row(
      'package-origin',
      'packages that no configured source offers, from a file, or not signed',
      'apt list, apk’s world, rpm’s database',
      ['T1546.016', 'T1195.002'],
      'by hand',
    ),
  ],
  'second-opinion': [
    row(
      'second-opinion',
      'what the host’s own tools say otherwise than /proc',
      'ps, ss, systeminformation',
      ['T1014', 'T1554'],
      'by hand',
    ),
  ],
  sudo: [
    row(
      'sudo-rule',
      'rules that let anybody be root',
      '/etc/sudoers, sudoers.d, doas.conf, doas.d',
      ['T1548.003'],
      EDIT,
    ),
  ],
  sshd: [
    row(
      'sshd-setting',
      'settings that let intruders in',
      'sshd_config, sshd_config.d',
      ['T1098.004', 'T1556'],
      EDIT,
    ),
    row('sshd-effective', 'what holds though no line says so', 'sshd -T', ['T1078', 'T1556'], 'by hand'),
  ],
  pam: [
    row('pam-line', 'stacks that let in or run programs', '/etc/pam.d', ['T1556.003'], EDIT),
    row(
      'pam-module',
      'modules that are not the package’s',
      'security/*.so',
      ['T1556.003'],
      'reinstall-package',
    ),
  ],
  tools: [
    row(
      'changed-tool',
      'tools that are not their package’s',
      'the folders of PATH',
      ['T1554'],
      'reinstall-package',
    ),
    row(
      'shadowing-tool',
      'tools found before the host’s own, by the order of PATH, and the twins that fakes keep',
      'the folders of PATH, those that start files put before them',
      ['T1574.007', 'T1554'],
      MOVE,
    ),
    row(
      'renamed-tool',
      'tools under another name',
      'the folders of PATH, temporary folders',
      ['T1036.003'],
      MOVE,
    ),
  ],
  'set-id': [
    row(
      'set-id-program',
      'SUID and SGID',
      'file systems of the host',
      ['T1548.001'],
      `${MOVE}, set-attributes`,
    ),
    row(
      'capability',
      'capabilities of programs',
      'file systems of the host',
      ['T1548'],
      `${MOVE}, set-attributes`,
    ),
  ],
  sources: [
    row(
      'resolver',
      'resolvers led elsewhere',
      '/etc/resolv.conf, resolved.conf and networks of systemd, dnsmasq',
      ['T1584.002', 'T1565.001'],
      EDIT,
    ),
    row(
      'package-source',
      'package sources led elsewhere',
      'sources of apt, yum, dnf, apk',
      ['T1195.002'],
      EDIT,
    ),
  ],
  'kernel-settings': [
    row(
      'kernel-setting',
      'tuning for mining, guards switched off',
      '/etc/sysctl.conf, sysctl.d',
      ['T1496.001'],
      `${EDIT}, set-kernel-parameter`,
    ),
    row(
      'kernel-state',
      'how the running kernel is set: huge pages, MSR writes, another init, handlers of kinds of files',
      '/proc/sys (fs/binfmt_misc where it is mounted), /sys/module/msr, /proc/cmdline',
      ['T1496.001', 'T1542', 'T1546'],
      'set-kernel-parameter, by hand',
    ),
    row(
      'loaded-module',
      'modules that are loaded: rootkits’, without a file, of no package, not listed; an unexplained taint',
      '/proc/modules, /sys/module, /proc/sys/kernel/tainted',
      ['T1547.006', 'T1014'],
      'by hand: rebuild',
    ),
    row(
      'kernel-hook',
      'what a module that hides leaves behind: its symbols, its memory, functions and system calls that it took over',
      '/proc/kallsyms, /proc/vmallocinfo, enabled_functions of tracefs, list of kprobes, /proc/kcore',
      ['T1014', 'T1547.006'],
      'by hand: rebuild',
    ),
  ],
  impairment: [
    row(
      'hidden-name',
      'names made not to be seen, files among the devices',
      'folders of the system and of users',
      ['T1564.001'],
      `${MOVE}, by hand`,
    ),
    row(
      'cut-record',
      'records taken out of wtmp and btmp, logs removed, a journal that keeps nothing',
      '/var/log, journald.conf',
      ['T1070.002'],
      'by hand',
    ),
    row(
      'agent-disabled',
      'security agents masked or not enabled, SELinux off',
      '/etc/systemd/system, /etc/selinux/config',
      ['T1562.001'],
      'by hand',
    ),
    row('hidden-file', 'files among sockets', '/tmp/.X11-unix and its like', ['T1564.001'], MOVE),
    row('cut-log', 'logs and histories cut', '/var/log, homes', ['T1070.002'], `${MOVE}, by hand`),
    row('agent-gone', 'security agents gone', 'traces of agents', ['T1562.001'], 'by hand'),
    row('immutable-file', 'immutable flags', 'where things start from', ['T1222.002'], 'set-attributes'),
  ],
  firewall: [
    row(
      'firewall-rule',
      'rules that keep rivals off or lead elsewhere, a firewall that was emptied; ours are passed over',
      'iptables-save, nft list ruleset, saved rules of iptables, nft and ufw',
      ['T1562.004'],
      'by hand, one rule at a time',
    ),
  ],
  'web-shells': [
    row(
      'web-shell',
      'pages that run what they are sent, and settings of a folder that have run what is no page',
      'folders of web servers, with .user.ini and .htaccess',
      ['T1505.003'],
      MOVE,
    ),
  ],
  'entry-points': [
    row(
      'entry-point',
      'services that let anybody in: Redis, Docker, kubelet, PostgreSQL, Jenkins, sshd with passwords; ports that are open',
      'their configurations, /proc/net/tcp',
      ['T1190', 'T1133', 'T1110'],
      EDIT,
    ),
    row(
      'known-hole',
      'programs of versions that miners come in by (Next.js, React Server Components, Log4j, GitLab, Confluence, Metabase, WebLogic, ActiveMQ, Nacos, RocketMQ, XXL-Job, Jenkins, phpMyAdmin; Selenium Grid of any), and who reaches them; on Windows PHP’s CGI program',
      'what runs (folders, class paths, open archives, modules beside it; in containers too), /opt, /srv, /usr/local, web roots',
      ['T1190'],
      'upgrade-packages, by hand',
    ),
    row(
      'runtime-socket',
      'sockets of docker, containerd, cri-o and podman that anybody may use, and processes that are connected to one',
      '/run/docker.sock and its like, /proc/net/unix, ss',
      ['T1611', 'T1610'],
      'by hand, kill-process',
    ),
  ],
  secrets: [
    row(
      'secret',
      'cloud and cluster logins, registry and git tokens, database passwords, private keys, .env files: place and kind, never the secret',
      'homes, /etc, /srv, /opt, /var/www, four folders deep',
      ['T1552.001', 'T1552.004'],
      'replaced elsewhere, ticked off here',
    ),
  ],
  'at-jobs': [],
  boot: [
    row(
      'stored-command',
      'what databases hold to be run: lines of crontabs, keys and pages in Redis, jobs of pg_cron, functions that start programs, commands of XXL-Job; a Redis that writes where the host starts things, superusers besides the first',
      'dumps and logs of Redis, tables of PostgreSQL’s catalogue and of cron.job, xxl_job_info.ibd as text; where a server that runs is',
      ['T1053', 'T1505'],
      'by hand, with the database’s own client',
    ),
  ],
  session: [],
  'tool-hooks': [],
};

function row(
  name: string,
  what: string,
  places: string,
  attack: readonly string[],
  remedy: string,
): MechanismNote {
  return { name, what, places, attack, remedy };
}
