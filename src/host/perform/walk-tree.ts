import { type BigIntStats, readdirSync, statfsSync } from 'node:fs';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { lstatIn, type OpenFolder, openBelow, openParent, WalkError } from '../safe-path.ts';
import { errorCode } from './outcome.ts';

/** One thing found below a path, held by its open folder as long as the walk stands at it. */
export interface TreeEntry {
  readonly path: string;
  readonly folder: OpenFolder;
  readonly name: Buffer;
  readonly stats: BigIntStats;
}

export type TreeItem =
  | { readonly kind: 'entry'; readonly entry: TreeEntry }
  /** Not gone into, with the reason. */
  | { readonly kind: 'skipped'; readonly path: string; readonly why: string };

/**
 * Everything at and below a path, folders before what is in them, by name. Symlinks are told, never followed; file
 * systems that the kernel makes up (proc, sysfs …) and the folders in `without` are not gone into.
 */
export function* walkTree(path: string, without: readonly string[]): Generator<TreeItem> {
  let place: ReturnType<typeof openParent>;
  try {
    place = openParent(path);
  } catch (error) {
    const why = error instanceof WalkError ? error.message : `it could not be opened (${errorCode(error)})`;
    yield { kind: 'skipped', path, why };
    return;
  }
  try {
    yield* walkAt(place.folder, place.name, path, without);
  } finally {
    place.folder.close();
  }
}

function* walkAt(
  folder: OpenFolder,
  name: Buffer,
  path: string,
  without: readonly string[],
): Generator<TreeItem> {
  let stats: BigIntStats | null;
  try {
    stats = lstatIn(folder, name);
  } catch (error) {
    yield { kind: 'skipped', path, why: `it could not be looked at (${errorCode(error)})` };
    return;
  }
  if (stats === null) {
    yield { kind: 'skipped', path, why: 'it is not there' };
    return;
  }
  if (without.includes(path)) {
    yield { kind: 'skipped', path, why: 'it is the folder of tourniquet itself' };
    return;
  }
  yield { kind: 'entry', entry: { path, folder, name, stats } };
  if (stats.isDirectory()) yield* walkInto(folder, name, path, without);
}

function* walkInto(
  folder: OpenFolder,
  name: Buffer,
  path: string,
  without: readonly string[],
): Generator<TreeItem> {
  let inside: OpenFolder;
  try {
    inside = openBelow(folder, name);
  } catch (error) {
    yield { kind: 'skipped', path, why: `it could not be gone into (${errorCode(error)})` };
    return;
  }
  try {
    if (isMadeUp(inside)) {
      yield { kind: 'skipped', path, why: 'it is a file system that the kernel makes up' };
      return;
    }
    const names = readdirSync(inside.child('.'), { encoding: 'buffer' }).sort(Buffer.compare);
    for (const below of names) {
      yield* walkAt(inside, below, `${path === '/' ? '' : path}/${decodeHostBytes(below)}`, without);
    }
  } catch (error) {
    if (!('code' in (error as object))) throw error;
    yield { kind: 'skipped', path, why: `it could not be listed (${errorCode(error)})` };
  } finally {
    inside.close();
  }
}

// statfs(2), linux/magic.h: proc, sysfs, devpts, cgroup, cgroup2, debugfs, tracefs, securityfs, bpf, pstore, configfs,
// fusectl, mqueue, hugetlbfs, binfmt_misc, efivarfs, selinuxfs, nsfs, rpc_pipefs, autofs.
const MADE_UP = new Set([
  0x9fa0, 0x62656572, 0x1cd1, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0xcafe4a11,
  0x6165676c, 0x62656570, 0x65735543, 0x19800202, 0x958458f6, 0x42494e4d, 0xde5e81e4, 0xf97cff8c, 0x6e736673,
  0x67596969, 0x0187,
]);

function isMadeUp(folder: OpenFolder): boolean {
  try {
    return MADE_UP.has(statfsSync(folder.child('.')).type >>> 0);
  } catch {
    return false;
  }
}
