import { baseOf, parseProgram, placesIn, RUN_PARTS, type StartReader } from './start-reader.ts';

/** Scripts that pam_motd runs as root at every login (update-motd(5)). */
export const motdScripts: StartReader = {
  mechanism: 'motd-script',
  *list(look, scope) {
    yield* placesIn(look, scope, '/etc/update-motd.d', {
      as: 'file',
      parse: (text) => {
        const parsed = parseProgram(text);
        return RUN_PARTS.test(baseOf(text.path)) ? parsed : { ...parsed, isInert: true };
      },
    });
  },
};
