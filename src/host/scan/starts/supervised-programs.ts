import { listFolder } from '../look.ts';
import {
  type ParsedStart,
  parseLines,
  parseProgram,
  placesIn,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/** What another supervisor than systemd keeps running: supervisord, runit, s6, inetd, xinetd, monit. */
export const supervisedPrograms: StartReader = {
  mechanism: 'supervised-program',
  *list(look, scope) {
    const settings = { as: 'drop-in', parse: parseSettings } as const;
    for (const path of FILES) yield { path, account: null, ...settings };
    for (const folder of [
      '/etc/supervisor/conf.d',
      '/etc/supervisord.d',
      '/etc/xinetd.d',
      '/etc/monit/conf.d',
      '/etc/monit/conf-enabled',
      '/etc/monit.d',
    ])
      yield* placesIn(look, scope, folder, settings);
    for (const folder of [
      '/etc/sv',
      '/etc/runit/runsvdir/default',
      '/etc/service',
      '/etc/s6/sv',
      '/service',
    ]) {
      for (const name of listFolder(look, scope, folder))
        yield { path: `${folder}/${name}/run`, account: null, as: 'file', parse: parseProgram };
    }
  },
};

const FILES = [
  '/etc/supervisord.conf',
  '/etc/supervisor/supervisord.conf',
  '/etc/inetd.conf',
  '/etc/monit/monitrc',
  '/etc/monitrc',
];
const COMMAND = /^\s*(?:command|server|(?:start|stop|restart) program|exec)\s*=\s*"?(.+?)"?\s*$/;
/** `ssh stream tcp nowait root /usr/sbin/sshd sshd -i` of inetd.conf(5). */
const INETD = /^\w\S*\s+(?:stream|dgram)\s+\S+\s+\S+\s+\S+\s+(\/\S+)(?:\s+\S+(.*))?$/;

function parseSettings({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => {
    const inetd = INETD.exec(line);
    return inetd === null ? COMMAND.exec(line)?.[1] : `${inetd[1]}${inetd[2] ?? ''}`;
  });
}
