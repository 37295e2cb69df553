import { listFolder } from '../look.ts';
import {
  type ParsedStart,
  parseLines,
  parseProgram,
  placesIn,
  ROOTS,
  type StartReader,
  type StartText,
} from './start-reader.ts';

const FOLDERS = [
  ...ROOTS.flatMap((root) => [`${root}/systemd/system-sleep`, `${root}/systemd/system-shutdown`]),
  ...['/etc/pm/sleep.d', '/etc/pm/power.d', '/usr/lib/pm-utils/sleep.d', '/usr/lib/pm-utils/power.d'],
  ...['/etc/kernel/postinst.d', '/etc/kernel/postrm.d', '/etc/kernel/preinst.d', '/etc/kernel/prerm.d'],
  ...['/etc/kernel/install.d', '/usr/lib/kernel/install.d'],
];

/** Scripts for a moment in the life of a host: sleep and shutdown (systemd-sleep(8)), a new kernel (installkernel(8)). */
export const sleepHooks: StartReader = {
  mechanism: 'sleep-hook',
  *list(look, scope) {
    for (const folder of FOLDERS) yield* placesIn(look, scope, folder, { as: 'file', parse: parseProgram });
    // BusyBox's acpid runs EVENT/VALUE of its folder.
    for (const event of listFolder(look, scope, '/etc/acpi')) {
      if (event !== 'events')
        yield* placesIn(look, scope, `/etc/acpi/${event}`, { as: 'file', parse: parseProgram });
    }
    // acpid(8): `action=COMMAND`, run by a shell.
    yield* placesIn(look, scope, '/etc/acpi/events', { as: 'drop-in', name: /^[\w-]+$/, parse: parseEvent });
  },
};

function parseEvent({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => /^\s*action\s*=\s*(\S.*)$/.exec(line)?.[1]);
}
