import { applicationSchedules } from './application-schedules.ts';
import { atJobs } from './at-spool.ts';
import { binfmtHandlers } from './binfmt-handlers.ts';
import { bootParameters } from './boot-parameters.ts';
import { daemonCommands } from './daemon-commands.ts';
import { databaseSettings } from './database-settings.ts';
import { dbusServices } from './dbus-activation.ts';
import { dbusPolicies } from './dbus-policies.ts';
import { desktopAutostart } from './desktop-autostart.ts';
import { environmentFiles } from './environment-files.ts';
import { gitHooks } from './git-hooks.ts';
import { gitSettings } from './git-settings.ts';
import { initScripts } from './init-scripts.ts';
import { initramfsHooks } from './initramfs-hooks.ts';
import { inittab } from './inittab.ts';
import { kernelModules } from './kernel-modules.ts';
import { libraryFolders } from './library-folders.ts';
import { loadedLibraries } from './loaded-libraries.ts';
import { loginHooks } from './login-hooks.ts';
import { mailCommands } from './mail-commands.ts';
import { moduleLists } from './module-lists.ts';
import { motdScripts } from './motd-scripts.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { networkScripts } from './network-scripts.ts';
import { otherSchedules } from './other-schedules.ts';
import { packageHooks } from './package-hooks.ts';
import { packageScripts } from './package-scripts.ts';
import { personalSettings } from './personal-settings.ts';
import { polkitRules } from './polkit-rules.ts';
import { pythonStartUp } from './python-start-up.ts';
import { rcLocal } from './rc-local.ts';
import { rotationScripts } from './rotation-scripts.ts';
import { sleepHooks } from './sleep-hooks.ts';
import type { StartReader } from './start-reader.ts';
import { staticPods } from './static-pods.ts';
import { supervisedPrograms } from './supervised-programs.ts';
import { systemdGenerators } from './systemd-generators.ts';
import { tmpfilesRules } from './tmpfiles-rules.ts';
import { udevRules } from './udev-rules.ts';

/** One reader a mechanism. Adding one is adding a file, a line here, and its row in findings/mechanisms.ts. */
export const START_READERS: readonly StartReader[] = [
  atJobs,
  initScripts,
  rcLocal,
  inittab,
  systemdGenerators,
  udevRules,
  moduleLists,
  kernelModules,
  bootParameters,
  initramfsHooks,
  libraryFolders,
  motdScripts,
  desktopAutostart,
  dbusServices,
  dbusPolicies,
  polkitRules,
  networkScripts,
  packageHooks,
  gitHooks,
  gitSettings,
  pythonStartUp,
  environmentFiles,
  loginHooks,
  networkInterfaces,
  packageScripts,
  rotationScripts,
  sleepHooks,
  supervisedPrograms,
  binfmtHandlers,
  tmpfilesRules,
  staticPods,
  applicationSchedules,
  databaseSettings,
  mailCommands,
  otherSchedules,
  daemonCommands,
  personalSettings,
  loadedLibraries,
];
