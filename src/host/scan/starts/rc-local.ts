import { parseProgram, type StartReader } from './start-reader.ts';

const FILES = [
  '/etc/rc.local',
  '/etc/rc.d/rc.local',
  '/etc/rc.common',
  '/etc/rc.d/boot.local',
  '/etc/init.d/boot.local',
];

/** The administrator's own lines at the end of the start: what is bad is taken out, the rest stays. */
export const rcLocal: StartReader = {
  mechanism: 'rc-local',
  *list() {
    for (const path of FILES)
      yield {
        path,
        account: null,
        as: 'lines',
        parse: (text) => ({ ...parseProgram(text), isInert: false }),
      };
  },
};
