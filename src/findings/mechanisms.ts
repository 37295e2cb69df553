import type { FileLineSubject, FileSubject } from './finding.ts';
import type { ScanScope } from './scan.ts';

/** The ways by which a file is started, or read, by something else; each has a reader in host/scan/starts/. */
export const MECHANISM_NAMES = [
  'at-job',
  'init-script',
  'rc-local',
  'inittab',
  'systemd-generator',
  'udev-rule',
  'module-list',
  'kernel-module',
  'boot-parameter',
  'initramfs-hook',
  'library-folder',
  'motd-script',
  'desktop-autostart',
  'dbus-service',
  'dbus-policy',
  'polkit-rule',
  'network-script',
  'package-hook',
  'git-hook',
  'git-setting',
  'python-start-up',
  'environment-file',
  'sleep-hook',
  'supervised-program',
  'login-hook',
  'network-interface',
  'package-script',
  'rotation-script',
  'binfmt-handler',
  'tmpfiles-rule',
  'static-pod',
  'application-schedule',
  'database-setting',
  'mail-command',
  'other-schedule',
  'daemon-command',
  'personal-setting',
  'loaded-library',
] as const;
export type MechanismName = (typeof MECHANISM_NAMES)[number];

/** Roles of lines that are judged by judge-start.ts. */
export type StartLineRole = Extract<FileLineSubject['role'], 'boot-line' | 'session-line' | 'tool-hook-line'>;

export interface Mechanism {
  readonly scope: ScanScope;
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  /** Roles of its findings: a whole file, or one line of a file that holds others too. */
  readonly fileRole: FileSubject['role'];
  readonly lineRole: StartLineRole;
  /** What it weighs that no package brought the file, and why that matters. */
  readonly unowned: { readonly weight: number; readonly text: string };
  /** Where it is looked for, for the table of mechanisms. */
  readonly places: string;
}

/** Weights: a stock system has none of these unowned; what administrators do add stays below `suspicious` (40). */
export const MECHANISMS: Readonly<Record<MechanismName, Mechanism>> = {
  'at-job': {
    scope: 'at-jobs',
    attack: ['T1053.002'],
    fileRole: 'at-job',
    lineRole: 'boot-line',
    unowned: { weight: 20, text: 'A job of at waits for its time; such jobs are rare' },
    places: '/var/spool/cron/atjobs, /var/spool/at, /var/spool/atjobs',
  },
  'init-script': boot(
    ['T1037.004', 'T1037'],
    20,
    'No package brought this script; it runs when the host starts',
    '/etc/init.d, /etc/rc.d/init.d, /etc/rc?.d, /etc/rc.d/rc?.d, /etc/runlevels/*, /etc/boot.d, /etc/local.d; /etc/default, conf.d, rc.conf, sysconfig',
  ),
  'rc-local': boot(
    ['T1037.004'],
    5,
    'No package brought this file; it runs when the host starts',
    '/etc/rc.local, /etc/rc.d/rc.local, /etc/rc.common',
  ),
  inittab: boot(
    ['T1037', 'T1543'],
    0,
    'No package brought this file; init reads it when the host starts',
    '/etc/inittab, of System V and of BusyBox',
  ),
  'systemd-generator': boot(
    ['T1543.002'],
    40,
    'No package brought this generator; systemd runs it at every start, before any service',
    '{system,user}-generators and environment generators of every systemd root',
  ),
  'udev-rule': boot(
    ['T1546.017'],
    15,
    'No package brought this rule, and it starts a program when a device appears',
    'udev/rules.d of /etc, /run, /usr/local/lib, /usr/lib; /etc/mdev.conf',
  ),
  'module-list': boot(
    ['T1547.006'],
    5,
    'No package brought this list of kernel modules',
    '/etc/modules, modules-load.d and modprobe.d (install, remove) of every root',
  ),
  'kernel-module': boot(
    ['T1547.006', 'T1014'],
    40,
    'No package brought this kernel module',
    '/lib/modules of the running kernel',
  ),
  'boot-parameter': boot(
    ['T1542'],
    5,
    'No package brought this file; it sets what the boot loader starts',
    '/etc/default/grub, /etc/default/grub.d, /etc/grub.d',
  ),
  'initramfs-hook': boot(
    ['T1542'],
    20,
    'No package brought this file; it goes into, or runs in, the first stage of the start',
    '/etc/initramfs-tools and /usr/share/initramfs-tools {hooks,scripts}, dracut modules, /etc/initcpio',
  ),
  'library-folder': boot(
    ['T1574.006'],
    5,
    'No package brought this list of library folders',
    '/etc/ld.so.conf, /etc/ld.so.conf.d, /etc/ld-musl-*.path',
  ),
  'environment-file': boot(
    ['T1574.006'],
    5,
    'No package brought this file; what is started inherits the variables in it',
    'system.conf and user.conf of systemd, environment.d, pam_env.conf, ~/.pam_environment, ~/.ssh/environment',
  ),
  'sleep-hook': boot(
    ['T1546'],
    20,
    'No package brought this script; it runs as root when the host sleeps or ends, or gets a new kernel',
    'system-sleep and system-shutdown of every systemd root, /etc/pm, /etc/kernel/*.d, /etc/acpi/events',
  ),
  'supervised-program': boot(
    ['T1543'],
    5,
    'No package brought this entry; a supervisor keeps what it names running',
    'supervisord, runit, s6, daemontools, inetd, xinetd and monit in /etc, and what their settings include',
  ),
  'binfmt-handler': boot(
    ['T1546'],
    10,
    'No package brought this file; the kernel starts what it names for every file of a kind',
    'binfmt.d of every systemd root',
  ),
  'tmpfiles-rule': boot(
    ['T1053', 'T1037'],
    5,
    'No package brought this file; what it says is made at every start of the host',
    'tmpfiles.d of every systemd root, user-tmpfiles.d',
  ),
  'static-pod': boot(
    ['T1610', 'T1053.007'],
    5,
    'No package brought this pod; the kubelet starts it from this file, and starts it again when it ends',
    '/etc/kubernetes/manifests, manifests of k3s and RKE2',
  ),
  'application-schedule': boot(
    ['T1053', 'T1072'],
    0,
    'No package brought this job; an application starts it',
    'jobs and init.groovy.d of Jenkins, scripts of XXL-Job',
  ),
  'database-setting': boot(
    ['T1505', 'T1543'],
    0,
    'No package brought this file; the database server starts or loads what it names',
    'postgresql.conf, postgresql.auto.conf and conf.d; redis.conf (loadmodule, dir, replicaof)',
  ),
  'mail-command': boot(
    ['T1546'],
    5,
    'No package brought this file; the mail server starts what it names when a message comes',
    'aliases and what they include, procmailrc, ~/.forward, ~/.mailfilter, ~/.qmail; pipes of postfix and exim',
  ),
  'other-schedule': boot(
    ['T1053.003', 'T1546'],
    10,
    'No package brought this table; incron or fcron starts what it names',
    '/etc/incron.d, /var/spool/incron, /etc/fcrontab, /var/spool/fcron',
  ),
  'daemon-command': boot(
    ['T1546', 'T1543'],
    5,
    'No package brought this file; a server starts or loads what it names',
    'rsyslog (omprog), snmpd, smartd, fail2ban, hosts.allow, sudo.conf, runtimes of docker, piped logs and maps of Apache, haproxy, squid, keepalived, auditd, postfix, Samba, dnsmasq, mdadm, agents of Zabbix and Nagios, PHP (auto_prepend_file), needrestart, hooks of certbot, cloud-init',
  ),
  'loaded-library': boot(
    ['T1574.006', 'T1574'],
    5,
    'No package brought this file; programs load the libraries that it names',
    'openssl.cnf, gconv-modules, GSS mech.d, krb5.conf, p11-kit modules; LoadModule and LoadFile of Apache, load_module of nginx',
  ),
  'login-hook': session(
    ['T1546.004'],
    20,
    'sshd runs this file at every log-in, before the shell; few hosts have one',
    '/etc/ssh/sshrc, ~/.ssh/rc, /etc/security/namespace.init',
  ),
  'network-interface': session(
    ['T1546'],
    5,
    'No package brought this file; its commands run as root when an interface comes or goes',
    '/etc/network/interfaces, interfaces.d; PostUp and its like of wireguard, scripts of openvpn, dhclient and dhcpcd',
  ),
  'motd-script': session(
    ['T1037'],
    20,
    'No package brought this script; it runs as root at every login',
    '/etc/update-motd.d',
  ),
  'desktop-autostart': session(
    ['T1547.013'],
    10,
    'No package brought this entry; it is started with a desktop session',
    '/etc/xdg/autostart, /usr/share/autostart, ~/.config/autostart; X11/Xsession.d, xinitrc.d, plasma-workspace/env',
  ),
  'dbus-service': session(
    ['T1543'],
    15,
    'No package brought this service; anybody who calls its name on the bus starts it',
    'dbus-1/{system-services,services} of /usr/share, /usr/local/share, /etc, /run, ~/.local/share',
  ),
  'dbus-policy': session(
    ['T1543'],
    10,
    'No package brought this policy of the system bus',
    'dbus-1/system.d of /etc and /usr/share',
  ),
  'polkit-rule': session(
    ['T1556'],
    15,
    'No package brought this rule; polkit decides by it who may act as root',
    'polkit-1/rules.d of /etc, /run, /usr/local/share, /usr/share; localauthority of /etc and /var/lib',
  ),
  'network-script': session(
    ['T1546'],
    20,
    'No package brought this script; it runs as root whenever the network changes',
    'NetworkManager/dispatcher.d, networkd-dispatcher, /etc/network/if-*.d, /etc/ppp/ip-*.d, /etc/udhcpc, ifplugd, wpa_supplicant, dhclient hooks',
  ),
  'package-hook': hook(
    ['T1546.016'],
    20,
    'No package brought this file, and it runs something whenever packages are installed',
    '/etc/apt/apt.conf, apt.conf.d, /etc/dpkg/dpkg.cfg, dpkg.cfg.d, plugins and actions of yum and dnf',
  ),
  'git-hook': hook(
    ['T1546'],
    5,
    'A program runs whenever git is used in this repository',
    '.git/hooks of repositories in /root and homes, and folders that core.hooksPath names',
  ),
  'git-setting': hook(
    ['T1546'],
    5,
    'A setting of git starts a program',
    '/etc/gitconfig, ~/.gitconfig, ~/.config/git/config, .git/config: hooksPath, fsmonitor, pager, aliases, filters',
  ),
  'personal-setting': hook(
    ['T1546'],
    0,
    'A person’s editor, client or shell starts what these settings name',
    'vim, tmux, screen, readline, mailcap, npm, lesskey, gdb, ssh_config, wget, lftp, gpg-agent, Mercurial, psql, SQLite, MySQL, Emacs, mutt, kubeconfig, AWS, Cargo, Gradle, Ansible, rpm macros, start files of languages; of every home and of the system',
  ),
  'package-script': hook(
    ['T1546.016'],
    0,
    'dpkg keeps these scripts itself and lists them with no package',
    '/var/lib/dpkg/info/*.{preinst,postinst,prerm,postrm}',
  ),
  'rotation-script': hook(
    ['T1053.003', 'T1546'],
    5,
    'No package brought this file; logrotate runs its scripts as root every day',
    '/etc/logrotate.conf, /etc/logrotate.d',
  ),
  'python-start-up': hook(
    ['T1546.018'],
    20,
    'No package brought this file, and every start of Python runs it',
    '*.pth import lines, sitecustomize.py, usercustomize.py of the system’s and the users’ Python folders',
  ),
};

type Row = (attack: readonly string[], weight: number, text: string, places: string) => Mechanism;

function boot(...[attack, weight, text, places]: Parameters<Row>): Mechanism {
  const roles = { fileRole: 'boot-file', lineRole: 'boot-line' } as const;
  return { scope: 'boot', attack, ...roles, unowned: { weight, text }, places };
}

function session(...[attack, weight, text, places]: Parameters<Row>): Mechanism {
  const roles = { fileRole: 'session-file', lineRole: 'session-line' } as const;
  return { scope: 'session', attack, ...roles, unowned: { weight, text }, places };
}

function hook(...[attack, weight, text, places]: Parameters<Row>): Mechanism {
  const roles = { fileRole: 'tool-hook', lineRole: 'tool-hook-line' } as const;
  return { scope: 'tool-hooks', attack, ...roles, unowned: { weight, text }, places };
}
