import {
  AGENT_SCRIPT,
  BUILD_SCRIPT,
  DATABASE_CLIENT_SCRIPT,
  DATABASE_SCRIPT,
  EXPORT_SCRIPT,
  METER_SCRIPT,
  SHIP_SCRIPT,
} from './inside/ordinary-scripts.ts';
import { lines } from './ordinary-lines.ts';
import { PEER } from './places.ts';
import type { Random } from './random.ts';
import type { Part } from './scene.ts';
import { sshKey } from './ssh-key.ts';
import type { Stage } from './stage.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a server has that looks odd and is fine. All of it must be as it was when the drill is over. */
export function noisyOrdinary(stage: Stage, random: Random): Part[] {
  const file = (
    what: string,
    path: string,
    text: string,
    more: { mode?: number; isImmutable?: boolean } = {},
  ): Part => ({
    ...{ kind: 'file', role: 'ordinary', what, path, text, mode: more.mode ?? 0o644 },
    mtimeMs: stage.now - (40 + random.below(300)) * DAY_MS,
    ...(more.isImmutable ? { isImmutable: true } : {}),
  });
  const run = (what: string, program: readonly [string, ...string[]], more: object = {}): Part => ({
    ...{ kind: 'process', role: 'ordinary', what, workingFolder: '/' },
    ...{ file: program[0], args: program.slice(1), ...more },
  });
  return [
    file('build script', '/srv/build/shop/build.sh', BUILD_SCRIPT, { mode: 0o755 }),
    file('agent in /opt', '/opt/hostwatch/bin/hostwatch-agent', AGENT_SCRIPT, { mode: 0o755 }),
    file('log shipper', '/opt/hostwatch/bin/ship', SHIP_SCRIPT, { mode: 0o755 }),
    file(
      'immutable configuration',
      '/etc/hostwatch/agent.conf',
      `protocol=tcp\nlog-host=${PEER.address}:${PEER.logPort}\nheartbeat=5s\n`,
      {
        isImmutable: stage.mode === 'root',
      },
    ),
    file(
      'cron file',
      '/etc/cron.d/hostwatch',
      'PATH=/usr/bin:/bin\n@reboot root /opt/hostwatch/bin/ship\n*/10 * * * * root [ -x /opt/hostwatch/bin/ship ] && /opt/hostwatch/bin/ship\n30 2 * * * root "/srv/jobs/nightly export.sh"\n',
    ),
    file('database', '/opt/ledgerdb/server.mjs', DATABASE_SCRIPT),
    file('client of the database', '/opt/ledgerdb/client.sh', DATABASE_CLIENT_SCRIPT, { mode: 0o755 }),
    file('name with spaces', '/srv/jobs/nightly export.sh', EXPORT_SCRIPT, { mode: 0o755 }),
    file(
      'name with spaces',
      '/srv/share/Quarterly report (final) 2026.csv',
      'month;income\nJanuary;100\nFebruary;120\n',
    ),
    file('script of the meter', '/usr/lib/meterd/main.sh', METER_SCRIPT),
    {
      ...{ kind: 'file', role: 'ordinary', what: 'program replaced by an upgrade', mode: 0o755 },
      ...{ path: '/usr/lib/meterd/meterd', copyOf: '/bin/bash', isUpgraded: true },
    },
    lines(
      `${stage.crontabs}/${stage.victim.name}`,
      0o600,
      [
        ['crontab comment', '# m h dom mon dow command'],
        [
          'backup job with curl',
          '15 3 * * * curl -fsS -m 300 -T /srv/backup/nightly.tar.gz https://backup.example.net/in/web/ >/dev/null 2>&1',
        ],
      ],
      { uid: stage.victim.uid, gid: stage.crontabGid },
    ),
    lines('/root/.bashrc', 0o644, [['shell start line', "alias backups='ls -lt /srv/backup | head'"]]),
    { kind: 'file', role: 'stage', what: 'folder', path: '/root/.ssh', isFolder: true, mode: 0o700 },
    lines('/root/.ssh/authorized_keys', 0o600, [
      [
        'forced-command key',
        `command="/usr/local/bin/receive-backup",no-pty,no-port-forwarding,from="198.51.100.0/24" ${sshKey('ssh-ed25519', random)} backup@bastion`,
      ],
      // What the responder gets in by: without it the intruder's key would be the last way in.
      ['key of the administrators', `${sshKey('ssh-ed25519', random)} ops@bastion`],
    ]),
    lines('/etc/hosts', 0o644, [['hosts line', `${PEER.address} logs.example.net logs`]]),
    run('build at full load', ['/bin/bash', '/srv/build/shop/build.sh', '--all', '--jobs=4'], {
      workingFolder: '/srv/build/shop',
      niceness: 10,
    }),
    run('agent', ['/opt/hostwatch/bin/hostwatch-agent', '--config', '/etc/hostwatch/agent.conf'], {
      connectsTo: `${PEER.address}:${PEER.logPort}`,
    }),
    run('database on port 3333', [process.execPath, '/opt/ledgerdb/server.mjs']),
    run('client of the database', ['/bin/bash', '/opt/ledgerdb/client.sh'], { connectsTo: '127.0.0.1:3333' }),
    run('daemon with a deleted program', ['/usr/lib/meterd/meterd', '/usr/lib/meterd/main.sh']),
  ];
}

/** Its agent is started by systemd, where there is one. */
export function agentUnit(): Part[] {
  const path = '/etc/systemd/system/hostwatch-agent.service';
  return [
    {
      ...{ kind: 'file', role: 'ordinary', what: 'unit of the agent', path, mode: 0o644 },
      text: '[Unit]\nDescription=hostwatch monitoring agent\nAfter=network-online.target\n\n[Service]\nExecStart=/opt/hostwatch/bin/hostwatch-agent --config /etc/hostwatch/agent.conf\nRestart=always\n\n[Install]\nWantedBy=multi-user.target\n',
    },
    {
      ...{ kind: 'link', role: 'ordinary', what: 'unit of the agent enabled', target: path },
      path: '/etc/systemd/system/multi-user.target.wants/hostwatch-agent.service',
    },
  ];
}

/** Ordinary lines below the bad ones, so that none of those is simply the last. */
export function noisyOrdinaryBelow(stage: Stage): Part[] {
  return [
    lines(`${stage.crontabs}/${stage.victim.name}`, 0o600, [
      ['cleaning job', '@weekly find /srv/share -name "*.tmp" -mtime +30 -delete'],
    ]),
    lines('/root/.bashrc', 0o644, [['shell start line', 'export HISTSIZE=5000']]),
    lines('/etc/hosts', 0o644, [['hosts line', '127.0.1.1 ledgerdb.internal']]),
  ];
}
