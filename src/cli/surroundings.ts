import { existsSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a verb may use of its process; given, so that every verb can be tested in-process. */
export interface Surroundings {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function processSurroundings(): Surroundings {
  return { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, environment: process.env };
}

/** Folder of the package: the one with package.json above this file, be it source or bundle. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** The argv that starts tourniquet again on the Node that runs now, e.g. as an agent. */
export function ownCommand(...args: string[]): string[] {
  return [process.execPath, join(packageFolder(), 'dist', 'main.js'), ...args];
}

export function shippedPlaybooks(): string {
  return join(packageFolder(), 'playbooks');
}

const OF_ROOT = '/var/lib/tourniquet/incidents';

/** To somebody who is not root and sees no incident: where those begun as root are; '' if there is nothing of them. */
export function elsewhereWords(): string {
  if (process.getuid?.() === 0 || !existsSync(dirname(OF_ROOT))) return '';
  return ` Those that were begun as root are in ${OF_ROOT}: sudo tourniquet incidents.`;
}

/**
 * Where incidents are kept: the option, then the setting, then for root /var/lib (file-hierarchy(7)) and for others
 * the XDG state folder (XDG Base Directory Specification).
 */
export function incidentsFolder(
  environment: Surroundings['environment'],
  option: string | undefined,
  setting: string | null,
): string {
  if (option) return option;
  if (setting) return setting;
  if (process.getuid?.() === 0) return OF_ROOT;
  const state = environment.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return join(state, 'tourniquet', 'incidents');
}

/** Who is at the keyboard, as far as can be known: the setting, the one behind sudo, the account. */
export function responderName(environment: Surroundings['environment'], setting: string | null): string {
  return setting || environment.SUDO_USER || userInfo().username;
}

export { hostname as localHostname };
