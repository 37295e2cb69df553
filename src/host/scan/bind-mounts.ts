import { lstatSync } from 'node:fs';
import { isTempPath } from '../../findings/place-signals.ts';
import type { MountRef } from '../../operations/identity.ts';
import { toFsPath } from '../file-identity.ts';
import { readMounts } from '../mount-table.ts';

/** A folder or file of the host that is shown a second time (mount(8), --bind), in a folder for temporary files. */
export interface BindMount {
  readonly point: string;
  /** Where the same thing is otherwise. */
  readonly origin: string;
}

/** Of a look at the host; what it remembers ends with it. */
interface Rooted {
  readonly root: string;
}

/**
 * The path of the same file outside of such a mount: what the host owns does not become an intruder's by being shown
 * once more where intruders work, and must not be moved away through it.
 */
export function withoutBindMount(look: Rooted, path: string): string {
  const mount = bindMountOf(look, path);
  return mount === null ? path : mount.origin + path.slice(mount.point.length);
}

/** The mount that a path is on or under; null if none. */
export function bindMountOf(look: Rooted, path: string): BindMount | null {
  if (look.root !== '' || !isTempPath(path)) return null;
  return bindMounts(look).find(({ point }) => path === point || path.startsWith(`${point}/`)) ?? null;
}

const KNOWN = new WeakMap<Rooted, readonly BindMount[]>();

function bindMounts(look: Rooted): readonly BindMount[] {
  const known = KNOWN.get(look);
  if (known !== undefined) return known;
  let mounts: readonly BindMount[] = [];
  try {
    mounts = bindMountsOf(readMounts()).filter(({ point, origin }) => isSame(point, origin));
  } catch {
    // No mountinfo: every path is taken for what it says.
  }
  KNOWN.set(look, mounts);
  return mounts;
}

/** Of two mounts of one file system the later one that shows a part of the other. */
export function bindMountsOf(mounts: readonly MountRef[]): BindMount[] {
  return mounts.flatMap(({ device, root, point }, at) => {
    if (!isTempPath(point) || !isTempPath(point.slice(0, point.lastIndexOf('/') + 1))) return [];
    const first = mounts
      .slice(0, at)
      .find(
        (other) => other.device === device && !isTempPath(`${other.point}/`) && isWithin(root, other.root),
      );
    if (first === undefined) return [];
    const rest = first.root === '/' ? root : root.slice(first.root.length);
    const origin = `${first.point === '/' ? '' : first.point}${rest === '/' ? '' : rest}`;
    return origin === '' ? [] : [{ point, origin }];
  });
}

function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

function isSame(a: string, b: string): boolean {
  try {
    const [one, other] = [a, b].map((path) => lstatSync(toFsPath(path), { bigint: true }));
    return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
  } catch {
    return false;
  }
}
