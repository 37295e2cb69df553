/**
 * Folders of our own on the host, for quarantine and long commands: 0700, ours, no symlink, fsynced.
 */

import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { toFsPath } from '../file-identity.ts';
import { HostError } from '../host-error.ts';

/** Makes the folder and what is missing above it. Throws if something else than a private folder of ours is there. */
export function ensurePrivateFolder(path: string): void {
  const isNew = mkdirSync(toFsPath(path), { recursive: true, mode: 0o700 }) !== undefined;
  const stats = lstatSync(toFsPath(path));
  if (!stats.isDirectory()) throw new HostError(`${path} is in the way: it is no folder.`);
  if (stats.uid !== process.geteuid?.())
    throw new HostError(`${path} belongs to uid ${stats.uid}, not to us; it is not used.`);
  if ((stats.mode & 0o077) !== 0)
    throw new HostError(
      `${path} is open to others (mode ${(stats.mode & 0o7777).toString(8)}); it is not used. Close it: chmod 700 ${path}`,
    );
  if (isNew) fsyncFolder(dirname(path));
}

/** Whole or not at all: written beside, fsynced, renamed into place. Mode 0600. */
export function writeFileDurably(path: string, bytes: Uint8Array | string): void {
  const beside = `${path}.new`;
  const fd = openSync(
    beside,
    constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    writeFully(fd, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(beside, path);
  fsyncFolder(dirname(path));
}

export function writeFully(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

export function fsyncFolder(path: string | Buffer): void {
  const fd = openSync(
    typeof path === 'string' ? toFsPath(path) : path,
    constants.O_RDONLY | constants.O_DIRECTORY,
  );
  try {
    fsyncSync(fd);
  } catch (error) {
    // Some file systems have no fsync for folders; there is nothing more to do then.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    closeSync(fd);
  }
}

/** An operation's own folder below the incident's folder on the host. */
export function operationFolder(
  hostFolder: string,
  of: 'commands' | 'originals',
  operationId: string,
): string {
  return join(hostFolder, of, operationId);
}
