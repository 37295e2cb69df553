import { scriptCommands } from '../../../findings/start-script.ts';
import { listFolder } from '../look.ts';
import { parseProgram, placesIn, type StartReader } from './start-reader.ts';

const FOLDERS = ['/etc/init.d', '/etc/rc.d/init.d', '/etc/boot.d', '/etc/local.d'];

/** Scripts of System V init and OpenRC, and whatever the links of the runlevels lead to. */
export const initScripts: StartReader = {
  mechanism: 'init-script',
  *list(look, scope) {
    for (const folder of FOLDERS)
      yield* placesIn(look, scope, folder, { as: 'file', parse: parseProgram, name: NOT_LEFT_BEHIND });
    // Read by the scripts, as shell text.
    yield* placesIn(look, scope, '/etc/default', {
      ...{ as: 'lines', name: NOT_LEFT_BEHIND },
      parse: ({ text }) => ({ commands: scriptCommands(text), isScript: true }),
    });
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
