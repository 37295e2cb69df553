import { linkSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { HostError } from '../host-error.ts';
import { QUARANTINE_NAME } from '../own-folders.ts';
import { lstatIn, mountOf, type OpenFolder, openBelow, openFolder } from '../safe-path.ts';
import { folderMtimeNs } from './file-target.ts';
import { setMtime } from './file-times.ts';
import { ensurePrivateFolder } from './private-folder.ts';

/**
 * The quarantine folder for files of a folder: on the same mount, so that a rename moves the file itself, with all
 * that belongs to it. In the incident's folder if that is there, else at the top of the file's own mount.
 * Reads only, but for the incident's own folder.
 */
export function chooseQuarantine(parent: OpenFolder, hostFolder: string, incidentId: string): string {
  ensurePrivateFolder(hostFolder);
  const own = openFolder(hostFolder);
  try {
    if (mountOf(own) === mountOf(parent)) return join(hostFolder, 'quarantine');
  } finally {
    own.close();
  }
  const top = openMountTop(parent);
  try {
    const path = decodeHostBytes(readlinkSync(`/proc/self/fd/${top.fd}`, { encoding: 'buffer' }));
    return join(path, freeName(top), incidentId);
  } finally {
    top.close();
  }
}

/** Opens the quarantine folder, making it if need be. Throws if what is there is not ours alone. */
export async function openQuarantine(path: string): Promise<OpenFolder> {
  const at = path.lastIndexOf(`/${QUARANTINE_NAME}`);
  if (at < 0) {
    ensurePrivateFolder(path);
    return openFolder(path);
  }
  const top = openFolder(path.slice(0, at) || '/');
  try {
    let folder = top;
    for (const name of path.slice(at + 1).split('/')) {
      const before = folderMtimeNs(folder);
      const isNew = makeFolder(folder, name);
      // The mount's own top is part of the scene: its time is left as it was.
      if (isNew && folder === top) await setMtime(folder, '.', before);
      const next = openBelow(folder, name);
      if (folder !== top) folder.close();
      folder = next;
      checkOurs(folder, path);
    }
    return folder;
  } finally {
    top.close();
  }
}

/** Opens it if it is there. */
export function openExistingQuarantine(path: string): OpenFolder | null {
  try {
    const folder = openFolder(path);
    try {
      checkOurs(folder, path);
      return folder;
    } catch (error) {
      folder.close();
      throw error;
    }
  } catch {
    return null;
  }
}

/** A name in the quarantine folder that nothing has yet. */
export function freeNameIn(quarantineFolder: string, operationId: string): string {
  const quarantine = openExistingQuarantine(quarantineFolder);
  if (quarantine === null) return operationId;
  try {
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? operationId : `${operationId}-${number}`;
      if (lstatIn(quarantine, name) === null) return name;
    }
  } finally {
    quarantine.close();
  }
}

/** Takes the folders away again where they have become empty. */
export async function tidyQuarantine(path: string): Promise<void> {
  const at = path.lastIndexOf(`/${QUARANTINE_NAME}`);
  if (at < 0) return;
  const top = openFolder(path.slice(0, at) || '/');
  const before = folderMtimeNs(top);
  try {
    rmdirSync(path);
    rmdirSync(path.slice(0, path.lastIndexOf('/')));
    await setMtime(top, '.', before);
  } catch {
    // Not empty: something of this or another incident is still in there.
  } finally {
    top.close();
  }
}

/**
 * Moves within one mount, never over something that is there. A hard link fails where a rename would replace;
 * Node has no renameat2(2). File systems without hard links get a look first, then the rename.
 * Throws EEXIST if the name is taken.
 */
export function moveWithoutReplacing(
  from: OpenFolder,
  fromName: Buffer | string,
  to: OpenFolder,
  toName: Buffer | string,
): void {
  try {
    linkSync(from.child(fromName), to.child(toName));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EPERM' && code !== 'EOPNOTSUPP' && code !== 'ENOTSUP' && code !== 'EMLINK') throw error;
    if (lstatIn(to, toName) !== null)
      throw Object.assign(new Error('EEXIST: the name is taken'), { code: 'EEXIST' });
    renameSync(from.child(fromName), to.child(toName));
    return;
  }
  unlinkSync(from.child(fromName));
}

function openMountTop(folder: OpenFolder): OpenFolder {
  const mount = mountOf(folder);
  let at = openBelow(folder, '.');
  for (;;) {
    const above = openUp(at);
    const isTop = mountOf(above) !== mount || isSame(above, at);
    if (isTop) {
      above.close();
      return at;
    }
    at.close();
    at = above;
  }
}

function openUp(folder: OpenFolder): OpenFolder {
  return openBelow(folder, '..');
}

function isSame(a: OpenFolder, b: OpenFolder): boolean {
  const [one, two] = [lstatSync(a.child('.'), { bigint: true }), lstatSync(b.child('.'), { bigint: true })];
  return one.ino === two.ino && one.dev === two.dev;
}

/** `.tourniquet-quarantine`, or another name if somebody else has taken that. */
function freeName(top: OpenFolder): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? QUARANTINE_NAME : `${QUARANTINE_NAME}-${number}`;
    const stats = lstatIn(top, name);
    if (stats === null || (stats.isDirectory() && isOurs(stats))) return name;
  }
}

function makeFolder(folder: OpenFolder, name: string): boolean {
  try {
    mkdirSync(folder.child(name), { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function checkOurs(folder: OpenFolder, path: string): void {
  if (!isOurs(lstatSync(folder.child('.'), { bigint: true })))
    throw new HostError(`${path} is not a private folder of ours; nothing is put there.`);
}

function isOurs(stats: { uid: bigint; mode: bigint }): boolean {
  return stats.uid === BigInt(process.geteuid?.() ?? -1) && (stats.mode & 0o077n) === 0n;
}
