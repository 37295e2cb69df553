import { parseProgram, placesIn, ROOTS, type StartReader } from './start-reader.ts';

const FOLDERS = [
  ...ROOTS.flatMap((root) => [`${root}/systemd/system-sleep`, `${root}/systemd/system-shutdown`]),
  ...['/etc/pm/sleep.d', '/etc/pm/power.d', '/usr/lib/pm-utils/sleep.d', '/usr/lib/pm-utils/power.d'],
  ...['/etc/kernel/postinst.d', '/etc/kernel/postrm.d', '/etc/kernel/preinst.d', '/etc/kernel/prerm.d'],
  ...[
    '/etc/kernel/install.d',
    '/usr/lib/kernel/install.d',
    '/etc/acpi/events',
    '/etc/dhcp/dhclient-enter-hooks.d',
  ],
];

/** Scripts for a moment in the life of a host: sleep and shutdown (systemd-sleep(8)), a new kernel (installkernel(8)). */
export const sleepHooks: StartReader = {
  mechanism: 'sleep-hook',
  *list(look, scope) {
    for (const folder of FOLDERS) yield* placesIn(look, scope, folder, { as: 'file', parse: parseProgram });
  },
};
