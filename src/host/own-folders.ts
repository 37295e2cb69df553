import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defaultRoot } from './host-folder.ts';

/** How quarantine folders begin that lie at the top of a file system of their own (host/perform/quarantine-place.ts). */
export const QUARANTINE_NAME = '.tourniquet-quarantine';

/**
 * Whether a folder is an incident's quarantine and not one that only calls itself so: private, ours, and the
 * incident's own folder is there as well, where nobody but us can have made it. What lies in it has been dealt with.
 */
export function isOwnQuarantine(path: string): boolean {
  if (!basename(dirname(path)).startsWith(QUARANTINE_NAME)) return false;
  return [path, dirname(path), join(defaultRoot(), basename(path))].every(isPrivate);
}

function isPrivate(path: string): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false });
  return status?.isDirectory() === true && status.uid === process.geteuid?.() && (status.mode & 0o077) === 0;
}
