import { minerArguments, minerScript, starterScript } from './inside/miner-script.ts';
import { shellWord } from './inside/shell-word.ts';
import { badLine, pretendWallet } from './noisy-infection.ts';
import { POOL } from './places.ts';
import type { Random } from './random.ts';
import type { Part } from './scene.ts';
import { sshKey } from './ssh-key.ts';
import type { Stage } from './stage.ts';

export type HostileNames = ReturnType<typeof hostileNames>;

/** What a terminal would do as it is told: a title of its own, a cleared screen, text that cannot be seen. */
export const ESCAPES = '\u001b]0;owned\u0007\u001b[2J\u001b[8m';

/** Secrets that nobody holds, where miners and careless people leave theirs; none of them may be written down by us. */
export const PLANTED_SECRETS = {
  commandLine: 'Zk4w9QvT-argv-Lm2',
  environment: 'wJalrXUtnFEMIK7MDENGbPxRfiCYzPLANTEDenvi',
  cron: 'ghp_Pl4nt3dCr0nT0kenAbCdEfGhIjKlMnOpQrSt',
  shell: 'Rr7pw-shell-Vx3Kd',
} as const;

/**
 * Names that are traps: for a shell that gets them unquoted, for a terminal, for whoever reads lines, decodes UTF-8,
 * takes a leading dash for an option, or trusts the order of the letters on the screen. Should any of them be obeyed,
 * a file `pwned` is left behind, which costs the drill.
 */
export function hostileNames(random: Random) {
  const hidden = random.pick(['/var/tmp/.', '/dev/shm/.', '/tmp/.']);
  const folder = `${hidden}${random.pick(['x; touch pwned #', "$(touch pwned)'", '"`touch pwned`"'])}${ESCAPES}`;
  return {
    folder,
    program: random.pick(['-rf', '$(touch pwned)', '--help; touch pwned']),
    script: 'rc\nroot 1 0 /sbin/init',
    starter: `${folder}/it's "$(touch pwned)" \u202Ehs.cod`,
    download: random.pick(['n.sh', 'q.sh', 'esc.sh']),
    poolAddress: POOL.address,
    poolPort: POOL.port,
    wallet: pretendWallet(random),
    calledAs: `${ESCAPES}[kworker/0:0]\nroot         1  0.0 /sbin/init`,
    unit: random.pick(['net\\x2dsync@a:b_c.service', 'dev-disk\\x2d1@0:0.service', 'a\\x24b@x_y:z.service']),
    oddUnit: `x${ESCAPES}$(touch pwned) ; touch pwned.service`,
    cronFile: random.pick(['/etc/cron.d/zz-clean', '/etc/cron.d/e2check', '/etc/cron.d/php-sync']),
  };
}

/** One miner, its ways back, and dropped files with such names; links lead to files that must stay. */
export function hostileInfection(names: HostileNames, stage: Stage, random: Random): Part[] {
  const { folder } = names;
  const starter = shellWord(names.starter);
  const unitFile = `/etc/systemd/system/${names.unit}`;
  const file = (what: string, path: string, text: string, mode = 0o755): Part => ({
    ...{ kind: 'file', role: 'infection', what, path, text, mode },
  });
  const dropped = (what: string, name: string): Part => file(what, `${folder}/${name}`, starterScript(names));
  const unit = (description: string) =>
    `[Unit]\nDescription=${description}\n\n[Service]\nType=forking\nEnvironment="RIG=$(touch /run/pwned) ; touch /run/pwned"\nExecStart=${unitWord(names.starter)} unit\nRestart=always\nRestartSec=30\n\n[Install]\nWantedBy=multi-user.target\n`;
  return [
    { kind: 'file', role: 'stage', what: 'folder', path: folder, isFolder: true, mode: 0o777 },
    { kind: 'file', role: 'stage', what: 'lock', path: `${folder}/.lock`, text: '', mode: 0o666 },
    {
      ...{ kind: 'file', role: 'infection', what: 'miner program', mode: 0o755 },
      ...{ path: `${folder}/${names.program}`, copyOf: '/bin/bash' },
    },
    file('miner script', `${folder}/${names.script}`, minerScript()),
    file('starter', names.starter, starterScript(names)),
    dropped('name with a line end', 'a\nb\r'),
    dropped('name that is no UTF-8', '\udcff\udcfe\udc80.so'),
    dropped('name as long as can be', 'A'.repeat(255)),
    dropped('name that is read backwards', 'photo\u202Egnp.sh'),
    // Links in place of files, which entries name: whoever followed them would take away what they lead to.
    { kind: 'link', role: 'stage', what: 'link', path: `${folder}/.cache`, target: '/etc/passwd' },
    { kind: 'link', role: 'stage', what: 'link', path: `${folder}/core`, target: '/usr/local/bin/backup' },
    file(
      'cron file',
      names.cronFile,
      `# ${ESCAPES}\n* * * * * root ${starter} cron.d >/dev/null 2>&1 # GITHUB_TOKEN=${PLANTED_SECRETS.cron} ${ESCAPES}$(touch /run/pwned)\n`,
      0o644,
    ),
    file('systemd unit', unitFile, unit('Synchronisation; touch /run/pwned $(touch /run/pwned)'), 0o644),
    {
      ...{ kind: 'link', role: 'infection', what: 'unit enabled', target: unitFile },
      path: `/etc/systemd/system/multi-user.target.wants/${names.unit}`,
    },
    file(
      'unit with a name that no unit can have',
      `/etc/systemd/system/${names.oddUnit}`,
      unit(ESCAPES),
      0o644,
    ),
    badLine(`${stage.crontabs}/${stage.victim.name}`, 0o600, {
      what: 'crontab line',
      text: `* * * * * ${starter} crontab >/dev/null 2>&1 # ${ESCAPES}`,
      owner: { uid: stage.victim.uid, gid: stage.crontabGid },
    }),
    badLine(`${stage.crontabs}/root`, 0o600, {
      what: 'crontab line that names links',
      text: `@hourly ${shellWord(`${folder}/.cache`)} x >/dev/null 2>&1 || ${shellWord(`${folder}/core`)}`,
      owner: { uid: 0, gid: stage.crontabGid },
    }),
    badLine('/root/.bashrc', 0o644, {
      what: 'shell start line',
      text: `(${starter} login --password ${PLANTED_SECRETS.shell} >/dev/null 2>&1 &) # ${ESCAPES}`,
    }),
    badLine('/root/.ssh/authorized_keys', 0o600, {
      what: 'authorized key',
      text: `${sshKey('ssh-rsa', random)} mdrfckr ${ESCAPES}$(touch pwned)`,
    }),
    {
      ...{ kind: 'process', role: 'infection', what: 'miner', workingFolder: folder, niceness: 19 },
      ...{
        connectsTo: `${POOL.address}:${POOL.port}`,
        environment: {
          STARTED_BY: 'intrusion',
          POOL_PASS: '$(touch pwned)',
          AWS_SECRET_ACCESS_KEY: PLANTED_SECRETS.environment,
          RIG: '; touch pwned #`touch pwned`',
        },
      },
      ...{ file: '/bin/bash', calledAs: names.calledAs },
      args: [
        ...[
          '-c',
          'exec 9>> "$1" && flock -n 9 && shift && exec -a "$0" "$@"',
          names.calledAs,
          `${folder}/.lock`,
        ],
        ...[
          `${folder}/${names.program}`,
          ...minerArguments(names),
          '-n',
          '\u001b[7m\nroot 1',
          '; touch pwned',
          '$(touch pwned)',
          `--password=${PLANTED_SECRETS.commandLine}`,
        ],
      ],
    },
  ];
}

/** As a unit has to write it (systemd.service(5), "Command lines"): escapes as in C, `$$` for one. */
function unitWord(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, (c) => `\\${c}`)
    .replace(/[\u0000-\u001f\u007f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${escaped.replaceAll('$', '$$$$')}"`;
}
