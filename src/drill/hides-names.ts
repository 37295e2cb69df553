import type { MinerNames } from './inside/miner-script.ts';
import { pretendWallet } from './noisy-infection.ts';
import { POOL } from './places.ts';
import type { Random } from './random.ts';

/** What the one of the five is called that works and is started again. */
export const LISTED_NOT = 'miner that listings leave out';

/** Names as rootkits and their miners have them (perfctl, TeamTNT, Koske), and where they lie. */
export type HidesNames = ReturnType<typeof hidesNames>;

export function hidesNames(random: Random) {
  const folder = random.pick(['/usr/lib/.udev-cache', '/var/lib/.dbus-1', '/opt/.fonts-cache']);
  return {
    folder,
    program: random.pick(['rsyslogd', 'udevd', 'dbus-launch']),
    script: 'rc',
    starter: `${folder}/up`,
    download: random.pick(['h.sh', 'lib.sh', 'r.sh']),
    poolAddress: POOL.address,
    poolPort: POOL.port,
    wallet: pretendWallet(random),
    part: LISTED_NOT,
    library: random.pick([
      '/usr/local/lib/libprocps-sync.so',
      '/usr/lib/libsystemd-hook.so',
      '/usr/lib/libgcwrap.so',
    ]),
    thread: random.pick(['[kworker/1:2-events]', '[kworker/u4:1]', '[kswapd1]']),
    second: random.pick(['sshd-session', 'cron-agent', 'acpid']),
    gone: random.pick(['/dev/shm/.snapd', '/var/tmp/.lpid', '/dev/shm/.pulse-x']),
    inMemory: random.pick(['kdmtmpfs', 'bioset', 'crypto']),
    unit: random.pick(['udev-cache.service', 'dbus-launch.service', 'systemd-rsync.service']),
    cronFile: random.pick(['/etc/cron.d/popularity', '/etc/cron.d/man-cache', '/etc/cron.d/udev']),
    profile: random.pick([
      '/etc/profile.d/gawk-path.sh',
      '/etc/profile.d/locale.sh',
      '/etc/profile.d/modules-env.sh',
    ]),
  } satisfies MinerNames & Record<string, unknown>;
}

/** As xmrig keeps it: a pool by its address, a wallet as its user. */
export function settingsText(names: HidesNames): string {
  return `{
    "autosave": true,
    "donate-level": 1,
    "cpu": { "max-threads-hint": 75, "huge-pages": true },
    "randomx": { "mode": "auto" },
    "pools": [
        {
            "url": "${names.poolAddress}:${names.poolPort}",
            "user": "${names.wallet}",
            "rig-id": "drill"
        }
    ]
}
`;
}
