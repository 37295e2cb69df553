import { MECHANISM_NAMES, MECHANISMS } from './mechanisms.ts';
import { SCAN_SCOPES, type ScanScope } from './scan.ts';

/** One row of the table of mechanisms: what is looked for, where it is read, what takes it away. */
export interface MechanismNote {
  readonly what: string;
  readonly places: string;
  readonly attack: readonly string[];
  /** The operation, or what a person does where none fits. */
  readonly remedy: string;
}

const EDIT = 'edit-file';
const MOVE = 'quarantine-file';

/** What is not one of mechanisms.ts, by scope. The compiler holds it to all scopes. */
const NOTES: Readonly<Record<ScanScope, readonly MechanismNote[]>> = {
  processes: [
    row(
      'miners, droppers and their guards that run',
      '/proc/PID: exe, cmdline, environ, cwd, cgroup, CPU time',
      ['T1496.001', 'T1036.004', 'T1070.004', 'T1620', 'T1574.006'],
      'freeze-process, kill-process',
    ),
  ],
  connections: [
    row(
      'pools and other remote ends, connected or named by an entry',
      '/proc/net, texts of entries',
      ['T1071', 'T1105'],
      'block-address',
    ),
  ],
  'hidden-processes': [
    row(
      'processes that a listing of /proc does not show, mounts over /proc/PID, CPU time of nobody',
      'process numbers up to pid_max, cgroup.procs, mountinfo, /proc/stat',
      ['T1014', 'T1564.013'],
      'kill-process; the mount by hand',
    ),
  ],
  cron: [
    row(
      'crontabs of users and of the system, cron.d, anacron, periodic scripts',
      '/etc/crontab, /etc/anacrontab, /etc/cron.*, /var/spool/cron, /etc/crontabs, /etc/periodic',
      ['T1053.003'],
      `${EDIT}, ${MOVE}`,
    ),
  ],
  units: [
    row(
      'services, timers, paths, sockets, drop-ins, transient and user units',
      'systemd/{system,user} of /etc, /run, /usr/local/lib, /usr/lib; ~/.config and ~/.local/share',
      ['T1543.002', 'T1053.006', 'T1036.004'],
      `disable-unit, ${MOVE}`,
    ),
  ],
  'shell-start': [
    row(
      'lines added to what a shell runs when it starts',
      '/etc/profile, profile.d, bashrc, zsh, /etc/environment; the start files of every home',
      ['T1546.004'],
      EDIT,
    ),
  ],
  preload: [row('libraries loaded into every program', '/etc/ld.so.preload', ['T1574.006', 'T1014'], EDIT)],
  'authorized-keys': [
    row('keys that may log in', 'authorized_keys of every home and of sshd’s folders', ['T1098.004'], EDIT),
  ],
  'hosts-file': [row('names that are sunk or led elsewhere', '/etc/hosts', ['T1565.001', 'T1562.001'], EDIT)],
  'dropped-files': [
    row(
      'programs and scripts where none belong, and what entries lead to',
      '/tmp, /var/tmp, /dev/shm, /run/user, targets of entries',
      ['T1105', 'T1564.001'],
      MOVE,
    ),
  ],
  accounts: [
    row(
      'second roots, unexpected logins, passwords of system accounts, shells with odd names',
      '/etc/passwd, /etc/shadow, /etc/group, /etc/shells',
      ['T1136.001', 'T1078.003', 'T1036.006'],
      'lock-account, expire-password',
    ),
  ],
  'host-keys': [row('keys of this host', '/etc/ssh/ssh_host_*', ['T1552.004'], 'replace-host-keys')],
  packages: [row('updates that wait', 'the package manager', ['T1190'], 'upgrade-packages')],
  'second-opinion': [
    row(
      'what the host’s own tools say otherwise than /proc',
      'ps, ss, systeminformation',
      ['T1014', 'T1554'],
      'by hand',
    ),
  ],
  sudo: [row('rules that let anybody be root', '/etc/sudoers, sudoers.d', ['T1548.003'], EDIT)],
  sshd: [row('settings that let intruders in', 'sshd_config, sshd_config.d', ['T1098.004', 'T1556'], EDIT)],
  pam: [
    row(
      'stacks that let in or run programs; modules that are not the package’s',
      '/etc/pam.d, security/*.so',
      ['T1556.003'],
      `${EDIT}, ${MOVE}`,
    ),
  ],
  tools: [
    row(
      'altered, shadowed, diverted and renamed tools',
      'the folders of PATH, what packages brought',
      ['T1554', 'T1574.007', 'T1036.003'],
      MOVE,
    ),
  ],
  'set-id': [
    row(
      'SUID, SGID and capabilities',
      'file systems of the host',
      ['T1548.001', 'T1548'],
      `${MOVE}, by hand`,
    ),
  ],
  sources: [
    row(
      'resolvers and package sources led elsewhere',
      '/etc/resolv.conf, sources of apt, yum, dnf, apk',
      ['T1584.002', 'T1195.002'],
      EDIT,
    ),
  ],
  'kernel-settings': [
    row('tuning for mining, guards switched off', '/etc/sysctl.conf, sysctl.d', ['T1496.001'], EDIT),
  ],
  impairment: [
    row(
      'hidden folders, logs and histories cut, security agents gone, immutable flags',
      'temporary folders, homes, /var/log, traces of agents',
      ['T1564.001', 'T1070.002', 'T1562.001', 'T1222.002'],
      `${MOVE}, by hand`,
    ),
  ],
  'web-shells': [row('pages that run what they are sent', 'folders of web servers', ['T1505.003'], MOVE)],
  secrets: [
    row(
      'cloud and cluster logins, registry and git tokens, database passwords, private keys, .env files: place and kind, never the secret',
      'homes, /etc, /srv, /opt, /var/www, four folders deep',
      ['T1552.001', 'T1552.004'],
      'replaced elsewhere, ticked off here',
    ),
  ],
  'at-jobs': [],
  boot: [],
  session: [],
  'tool-hooks': [],
};

function row(what: string, places: string, attack: readonly string[], remedy: string): MechanismNote {
  return { what, places, attack, remedy };
}

/** Every mechanism that a scan covers, in the order of the scopes. */
export function mechanismNotes(): readonly (MechanismNote & { readonly scope: ScanScope })[] {
  return SCAN_SCOPES.flatMap((scope) => [
    ...NOTES[scope].map((note) => ({ scope, ...note })),
    ...MECHANISM_NAMES.filter((name) => MECHANISMS[name].scope === scope).map((name) => {
      const { places, attack, unowned } = MECHANISMS[name];
      const what = `${name.replaceAll('-', ' ')}. Unowned: ${unowned.weight} of the 40 that make it suspicious`;
      return { scope, what, places, attack, remedy: `${MOVE}, or ${EDIT} where only a line is bad` };
    }),
  ]);
}

/** src/findings/README.md. */
export function mechanismsDocument(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('*', '\\*');
  const rows = mechanismNotes().map(
    ({ scope, what, places, attack, remedy }) =>
      `| \`${scope}\` | ${cell(what)} | ${cell(places)} | ${attack.join(' ')} | ${cell(remedy)} |`,
  );
  return `${HEAD}${rows.join('\n')}\n`;
}

const HEAD = `# What a scan looks at

Written by \`mechanismsDocument()\` in [scope-notes.ts](scope-notes.ts) from the scopes of [scan.ts](scan.ts) and the
table of [mechanisms.ts](mechanisms.ts); \`test/findings/mechanisms-document.test.ts\` holds it to them, and run with
\`vitest -u\` writes it anew.

Reading is in \`src/host/scan/\`: one enumerator a scope in \`registry.ts\`, one reader a mechanism of what starts by
itself in \`starts/registry.ts\`. Judging is here, pure: signals with weights in the \`judge-*.ts\`, from signals to a
verdict in [weigh.ts](weigh.ts) and nowhere else. A file that is as its package brought it is passed over.

| scope | what | where it is read | ATT&CK | what takes it away |
| --- | --- | --- | --- | --- |
`;
