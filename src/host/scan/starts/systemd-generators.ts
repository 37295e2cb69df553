import { parseProgram, placesIn, ROOTS, type StartReader } from './start-reader.ts';

const FOLDERS = [
  'system-generators',
  'user-generators',
  'system-environment-generators',
  'user-environment-generators',
];

/** Programs that systemd runs before anything else, to make units (systemd.generator(7)). */
export const systemdGenerators: StartReader = {
  mechanism: 'systemd-generator',
  *list(look, scope) {
    for (const root of ROOTS)
      for (const folder of FOLDERS)
        yield* placesIn(look, scope, `${root}/systemd/${folder}`, { as: 'file', parse: parseProgram });
  },
};
