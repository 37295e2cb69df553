import {
  lchownSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { basename } from 'node:path';
import { decodeHostBytes, encodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import { type OpenFolder, openBelow, openFolder, openParent, WalkError } from '../safe-path.ts';

/** A symlink that enables a unit, with all that is needed to make it again. */
export interface UnitLink {
  readonly path: string;
  readonly target: string;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since the epoch as a decimal string. */
  readonly mtimeNs: string;
}

/** Where `systemctl enable` puts its links (systemd.unit(5), "Unit File Load Path"); /usr is the vendor's. */
const SYSTEM_FOLDERS = ['/etc/systemd/system', '/run/systemd/system'];
const RUNLEVELS = '/etc/runlevels';

/**
 * Every symlink that enables the unit: in a `.wants`, `.requires` or `.upholds` folder, an alias of it, and for
 * OpenRC in its runlevels. Reads only; nothing is followed. A folder that is not there holds none.
 */
export function findUnitLinks(unit: string, home: string | null, isOpenRc: boolean): readonly UnitLink[] {
  if (isOpenRc) return foldersIn(RUNLEVELS).flatMap((level) => linksIn(level, (name) => name === unit));
  const folders = home === null ? SYSTEM_FOLDERS : [`${home}/.config/systemd/user`];
  return folders.flatMap((folder) => [
    ...linksIn(folder, (name, target) => name !== unit && basename(target) === unit),
    ...foldersIn(folder)
      .filter((path) => /\.(wants|requires|upholds)$/.test(path))
      .flatMap((path) => linksIn(path, (name, target) => name === unit || basename(target) === unit)),
  ]);
}

/** Removes it if it is still that link. Throws when the file system does. */
export function removeLink(link: UnitLink): 'removed' | 'gone' | 'changed' {
  const { folder, name } = openParent(link.path);
  try {
    const now = readLink(folder, name);
    if (now === null) return 'gone';
    if (now !== link.target) return 'changed';
    unlinkSync(folder.child(name));
    return 'removed';
  } finally {
    folder.close();
  }
}

/** Makes it again as it was. `in-the-way`: something else has its name now. */
export async function restoreLink(link: UnitLink): Promise<'restored' | 'in-the-way'> {
  const parent = openParentOrMake(link.path);
  const { folder, name } = parent;
  try {
    const now = readLink(folder, name);
    if (now === link.target) return 'restored';
    if (now !== null || lstatSync(folder.child(name), { throwIfNoEntry: false })) return 'in-the-way';
    symlinkSync(Buffer.from(encodeHostBytes(link.target)), folder.child(name));
    lchownSync(folder.child(name), link.uid, link.gid);
    await setLinkTime(folder, name, link.mtimeNs);
    return 'restored';
  } finally {
    folder.close();
  }
}

/** To the nanosecond by touch(1); Node's own call takes a double, which is good to some hundred nanoseconds. */
async function setLinkTime(folder: OpenFolder, name: Buffer, mtimeNs: string): Promise<void> {
  const digits = mtimeNs.padStart(10, '0');
  const when = `@${digits.slice(0, -9)}.${digits.slice(-9)}`;
  const touched = await runTool(['touch', '-h', '-c', '-m', '-d', when, '--', folder.childForOthers(name)]);
  if (touched.exitCode === 0) return;
  const seconds = Number(mtimeNs) / 1e9;
  lutimesSync(folder.child(name), seconds, seconds);
}

/** The home of a user by /etc/passwd; null if there is none. */
export function homeOf(user: string): string | null {
  const line = decodeHostBytes(readFileSync('/etc/passwd'))
    .split('\n')
    .find((one) => one.startsWith(`${user}:`));
  const home = line?.split(':')[5] ?? '';
  return home.startsWith('/') ? home.replace(/\/+$/, '') : null;
}

/** An empty `.wants` folder is removed by some versions of systemctl. */
function openParentOrMake(path: string): ReturnType<typeof openParent> {
  try {
    return openParent(path);
  } catch (error) {
    if (!(error instanceof WalkError) || error.code !== 'missing') throw error;
    const above = openParent(path.slice(0, path.lastIndexOf('/')));
    try {
      mkdirSync(above.folder.child(above.name), { mode: 0o755 });
    } finally {
      above.folder.close();
    }
    return openParent(path);
  }
}

function linksIn(path: string, isWanted: (name: string, target: string) => boolean): readonly UnitLink[] {
  return inFolder(path, (folder) =>
    readdirSync(folder.child('.'), { encoding: 'buffer' }).flatMap((bytes) => {
      const name = decodeHostBytes(bytes);
      const target = readLink(folder, bytes);
      if (target === null || !isWanted(name, target)) return [];
      const { uid, gid, mtimeNs } = lstatSync(folder.child(bytes), { bigint: true });
      return [
        { path: `${path}/${name}`, target, uid: Number(uid), gid: Number(gid), mtimeNs: mtimeNs.toString() },
      ];
    }),
  );
}

function foldersIn(path: string): readonly string[] {
  return inFolder(path, (folder) =>
    readdirSync(folder.child('.'), { encoding: 'buffer' }).flatMap((bytes) => {
      try {
        openBelow(folder, bytes).close();
        return [`${path}/${decodeHostBytes(bytes)}`];
      } catch {
        return [];
      }
    }),
  );
}

function inFolder<T>(path: string, read: (folder: OpenFolder) => readonly T[]): readonly T[] {
  let folder: OpenFolder;
  try {
    folder = openFolder(path);
  } catch (error) {
    if (error instanceof WalkError && (error.code === 'missing' || error.code === 'not-a-folder')) return [];
    throw error;
  }
  try {
    return read(folder);
  } finally {
    folder.close();
  }
}

/** null if it is no symlink or not there. */
function readLink(folder: OpenFolder, name: Buffer): string | null {
  try {
    return decodeHostBytes(readlinkSync(folder.child(name), { encoding: 'buffer' }));
  } catch {
    return null;
  }
}
