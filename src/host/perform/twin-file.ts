import { closeSync, constants, fchmodSync, fchownSync, fsyncSync, openSync, utimesSync } from 'node:fs';
import { runTool } from '../run-tool.ts';
import type { OpenFolder } from '../safe-path.ts';
import { writeFully } from './private-folder.ts';

interface Looks {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Makes a file with the same owner and mode as another, fsynced. The folder is ours, so nobody sees it half made. */
export function writeLikeOriginal(folder: OpenFolder, name: string, bytes: Uint8Array, looks: Looks): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const fd = openSync(folder.child(name), flags, 0o600);
  try {
    writeFully(fd, bytes);
    setLooks(fd, looks);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Gives a new file the ACL, extended attributes and security label of another, by cp(1) of coreutils, and the time
 * of now (cron looks at it to notice a change). Returns a note for the responder where that cannot be had.
 */
export async function copyAttributes(
  from: { readonly folder: OpenFolder; readonly name: Buffer | string },
  folder: OpenFolder,
  name: string,
  looks: Looks,
): Promise<string> {
  const argv = ['cp', '-P', '--attributes-only', '--preserve=all', '--'];
  const result = await runTool(
    [...argv, from.folder.childForOthers(from.name), folder.childForOthers(name)],
    { timeoutMs: 10_000 },
  );
  const now = new Date();
  utimesSync(folder.child(name), now, now);
  const fd = openSync(folder.child(name), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    setLooks(fd, looks);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return result.exitCode === 0
    ? ''
    : '; ACLs and extended attributes, if it had any, were not carried over (no cp of coreutils)';
}

function setLooks(fd: number, looks: Looks): void {
  fchownSync(fd, looks.uid, looks.gid);
  // After the owner: chown(2) takes set-id bits away.
  fchmodSync(fd, looks.mode);
}
