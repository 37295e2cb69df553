import { describe, expect, it } from 'vitest';
import { makeTree, scanTree } from './tree.ts';

const SLEEPER = '/tmp/.x/run';

/** So many files, of which the last one named has what is looked for. */
function many(folder: string, count: number, last: string, ordinary: string): Record<string, string> {
  const name = (at: number): string => `${folder}/${String(at).padStart(4, '0')}.conf`;
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [name(at), at === count - 1 ? last : ordinary]),
  );
}

describe('what is too much to be looked at', () => {
  it('is told, wherever a limit is reached, and once', async () => {
    const long = 'x'.repeat(9000);
    const root = makeTree({
      '/etc/ssh/sshd_config': 'Include /etc/ssh/sshd_config.d/*.conf\n',
      ...many('/etc/ssh/sshd_config.d', 110, 'PermitRootLogin yes\n', '# nothing\n'),
      '/etc/sudoers': '#includedir /etc/sudo.d\n',
      ...Object.fromEntries(Array.from({ length: 210 }, (_, at) => [`/etc/sudo.d/n${at}`, '# nothing\n'])),
      '/etc/supervisord.conf': '[include]\nfiles = /etc/here/*.conf\n',
      ...many('/etc/here', 110, `command=${SLEEPER}\n`, '# nothing\n'),
      '/etc/udev/rules.d/70-long.rules': `ACTION=="add", ENV{A}="${long}", RUN+="${SLEEPER}"\n`,
      '/root/.bashrc': `alias a=${long}; ${SLEEPER}\n`,
      '/etc/profile.d/lines.sh': `${':\n'.repeat(20_001)}${SLEEPER}\n`,
    });
    const { unknowns } = await scanTree(root);
    const limits = unknowns.filter(({ reason }) =>
      /not all were|only its beginning|nothing after/.test(reason),
    );
    expect(limits.map(({ what }) => what).toSorted()).toEqual([
      '/etc/profile.d/lines.sh',
      '/etc/ssh/sshd_config',
      '/etc/sudoers',
      '/etc/supervisord.conf',
      '/etc/udev/rules.d/70-long.rules',
      '/root/.bashrc',
    ]);
  });
});
