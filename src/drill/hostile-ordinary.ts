import { ESCAPES } from './hostile-infection.ts';
import { agentUnit } from './noisy-ordinary.ts';
import { lines } from './ordinary-lines.ts';
import type { Random } from './random.ts';
import type { Part } from './scene.ts';
import { sshKey } from './ssh-key.ts';
import type { Stage } from './stage.ts';

const SCRIPT =
  '#!/bin/bash\n# Waits (played).\nexec {idle}<> <(:) && wait $! 2> /dev/null\nwhile :; do read -r -t 60 -u "$idle"; done\n';

/** People name their files so, too. And what the infection's links lead to. */
export function hostileOrdinary(stage: Stage, random: Random): Part[] {
  const file = (what: string, path: string, text: string, mode = 0o644): Part => ({
    ...{ kind: 'file', role: 'ordinary', what, path, text, mode },
  });
  const share = (what: string, name: string): Part => file(what, `/srv/share/${name}`, 'notes\n');
  const tool = `/usr/local/bin/it's "new"; $(date) (copy).sh`;
  return [
    ...agentUnit(),
    share('name with a line end', 'minutes\nof the meeting.txt'),
    share('name that is no UTF-8', 'Stra\udcdfe.txt'),
    share('name with quotes', `"touch pwned" isn't $(a command).txt`),
    share('name with a leading dash', '-rf'),
    share('name in Hebrew', '\u202B\u05D3\u05D5\u05D7.csv\u202C'),
    share('name as long as can be', 'B'.repeat(255)),
    {
      kind: 'link',
      role: 'ordinary',
      what: 'link to a file of the system',
      path: '/srv/share/users',
      target: '/etc/passwd',
    },
    file('name with a line end among temporary files', '/var/tmp/build\nlog $(date).txt', 'built\n'),
    file('script with a hard name', tool, SCRIPT, 0o755),
    file(
      'script that a link of the infection leads to',
      '/usr/local/bin/backup',
      '#!/bin/sh\nexec tar -C / -czf /srv/backup/etc.tar.gz etc\n',
      0o755,
    ),
    file('colours at login', '/etc/profile.d/colours.sh', `[ -z "$PS1" ] || printf '\u001b[0m'\n`),
    { kind: 'kept', role: 'ordinary', what: 'accounts', path: '/etc/passwd' },
    lines(
      `${stage.crontabs}/${stage.victim.name}`,
      0o600,
      [
        [
          'job with quotes',
          `10 5 * * * /usr/local/bin/it\\'s\\ \\"new\\"\\;\\ \\$\\(date\\)\\ \\(copy\\).sh "$(date +\\%F)" >/dev/null`,
        ],
      ],
      { uid: stage.victim.uid, gid: stage.crontabGid },
    ),
    lines(`${stage.crontabs}/root`, 0o600, [['backup of every night', '0 1 * * * /usr/local/bin/backup']], {
      ...{ uid: 0, gid: stage.crontabGid },
    }),
    { kind: 'file', role: 'stage', what: 'folder', path: '/root/.ssh', isFolder: true, mode: 0o700 },
    lines('/root/.ssh/authorized_keys', 0o600, [
      [
        'key with a hard comment',
        `${sshKey('ssh-ed25519', random)} O'Brien "ops" <ops@example.net>; $HOME \u001b[1m`,
      ],
    ]),
    lines('/root/.profile', 0o644, [['prompt with escapes', `PS1='\u001b[1m\\h\u001b[0m\\$ '`]]),
    {
      ...{
        kind: 'process',
        role: 'ordinary',
        what: 'process with a hard title',
        file: '/bin/bash',
        args: [tool],
      },
      ...{
        workingFolder: '/',
        calledAs: `render: \u001b[1m"page" $(1 of 2)\u001b[0m; ${ESCAPES.length} left`,
      },
    },
  ];
}
