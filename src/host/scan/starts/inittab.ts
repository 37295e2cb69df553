import type { StartCommand } from '../../../findings/start-script.ts';
import type { StartReader } from './start-reader.ts';

/**
 * What init starts and starts again, on a host whose init reads a table: `id:runlevels:action:process`, of System V
 * (inittab(5)) and of BusyBox (init/init.c). A line `respawn` is the plainest way to come back there is.
 */
export const inittab: StartReader = {
  mechanism: 'inittab',
  *list() {
    yield {
      path: '/etc/inittab',
      account: null,
      as: 'lines',
      parse: ({ text }) => ({ commands: inittabCommands(text) }),
    };
  },
};

function inittabCommands(text: string): StartCommand[] {
  return text.split('\n').flatMap((line, index): StartCommand[] => {
    const [, , action = '', ...rest] = line.trimStart().startsWith('#') ? [] : line.split(':');
    // `+` keeps init from noting it in utmp, `-` of BusyBox makes it a login shell.
    const command = rest.join(':').trim().replace(/^[+-]/, '');
    return command === '' || action === 'initdefault' ? [] : [{ text: command, line: index + 1 }];
  });
}
