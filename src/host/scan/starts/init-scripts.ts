import { type StartCommand, scriptCommands } from '../../../findings/start-script.ts';
import { listFolder } from '../look.ts';
import { commandsOfLines, parseProgram, placesIn, type StartReader, type StartText } from './start-reader.ts';

const FOLDERS = ['/etc/init.d', '/etc/rc.d/init.d', '/etc/boot.d', '/etc/local.d'];

/** Of Debian; of OpenRC, whose every script reads rc.conf and its own file; of Red Hat. */
const SETTINGS = [
  '/etc/default',
  '/etc/conf.d',
  '/etc/rc.conf.d',
  '/etc/sysconfig',
  '/etc/sysconfig/network-scripts',
];

/** Scripts of System V init and OpenRC, and whatever the links of the runlevels lead to. */
export const initScripts: StartReader = {
  mechanism: 'init-script',
  *list(look, scope) {
    for (const folder of FOLDERS)
      yield* placesIn(look, scope, folder, { as: 'file', parse: parseProgram, name: NOT_LEFT_BEHIND });
    // Read by the scripts, as shell text.
    const settings = {
      as: 'lines',
      parse: ({ text }: StartText) => ({
        commands: [...scriptCommands(text), ...hiddenPrograms(text)],
        isScript: true,
      }),
    } as const;
    for (const folder of SETTINGS)
      yield* placesIn(look, scope, folder, { ...settings, name: NOT_LEFT_BEHIND });
    yield { path: '/etc/rc.conf', account: null, ...settings };
    const levels = ['/etc', '/etc/rc.d'].flatMap((parent) =>
      listFolder(look, scope, parent)
        .filter((name) => /^rc[0-6S]\.d$/.test(name))
        .map((name) => `${parent}/${name}`),
    );
    const openrc = listFolder(look, scope, '/etc/runlevels').map((name) => `/etc/runlevels/${name}`);
    for (const level of openrc)
      yield* placesIn(look, scope, level, { as: 'file', parse: parseProgram, isEnabler: true });
    for (const level of levels)
      yield* placesIn(look, scope, level, {
        as: 'file',
        parse: parseProgram,
        name: /^[SK]\d/,
        isEnabler: true,
      });
  },
};

const NOT_LEFT_BEHIND = /^(?!README|\.depend\.)/;

/** A variable that a script takes its program from: only where nothing but a program of that kind would lie. */
function hiddenPrograms(text: string): StartCommand[] {
  return commandsOfLines(
    text,
    (line) =>
      /^\s*(?:export\s+)?\w+=["']?(\/(?:(?:var\/)?tmp|run\/user\/\d+)\/(?:[^"']*\/)?\.[^"']*|\/dev\/shm\/[^"']+)/.exec(
        line,
      )?.[1],
  );
}
