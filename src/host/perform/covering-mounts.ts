import { existsSync, mkdirSync, readlinkSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MountRef } from '../../operations/identity.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import { isSameMount, readMounts } from '../mount-table.ts';
import { runTool } from '../run-tool.ts';
import { findTool } from '../tool-lookup.ts';

/**
 * Mounts that lie over something, taken away and put back. What is mounted keeps living under a second mount of it
 * in our own folder (mount(8), --bind), or a tmpfs would be gone with all that is in it.
 *
 * Where this process is in a mount namespace of its own (host/step-around.ts), what is done there is not seen by the
 * host: then it is done in that of process 1, and comes to ours by propagation.
 */
export interface Covering {
  readonly mounts: readonly MountRef[];
  /** Private folder for the second mounts, `0`, `1`, … in the order of `mounts`. */
  readonly keepFolder: string;
}

/** Those of the mounts that are there, in our own view or in that of process 1. */
export function standing(mounts: readonly MountRef[]): MountRef[] {
  const all = [...readMounts(), ...(isApart() ? readMounts(1) : [])];
  return mounts.filter((mount) => all.some((one) => isSameMount(one, mount)));
}

/** Topmost first. Returns what went wrong, with how many are off. */
export async function takeOff({ mounts, keepFolder }: Covering): Promise<string | null> {
  mkdirSync(keepFolder, { recursive: true, mode: 0o700 });
  for (const [index, mount] of [...mounts.entries()].reverse()) {
    if (standing([mount]).length === 0) continue;
    const enter = await whereItLies(mount);
    const place = makePlace(keepFolder, index, mount.point);
    // Without a second mount undo has nothing to put back; that it says then.
    if (place !== null) await runTool([...enter, 'mount', '-n', '-o', 'bind', mount.point, place], TIMELY);
    const problem = await unmount(enter, mount);
    if (problem !== null) return problem;
    // Where the host's mounts are private, as without systemd, taking it away there did not reach our own view.
    if (enter.length > 0 && readMounts().some((one) => isSameMount(one, mount))) {
      const own = await unmount([], mount);
      if (own !== null) return own;
    }
  }
  return null;
}

async function unmount(enter: readonly string[], { point }: MountRef): Promise<string | null> {
  const off = await runTool([...enter, 'umount', point], TIMELY);
  const lazy = off.exitCode === 0 ? off : await runTool([...enter, 'umount', '-l', point], TIMELY);
  return lazy.exitCode === 0 ? null : `${point}: ${toolFailure('umount', lazy)}`;
}

/** In the order in which they lay. Returns what could not be put back, and why. */
export async function putOn({ mounts, keepFolder }: Covering): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [index, mount] of mounts.entries()) {
    if (standing([mount]).length > 0) continue;
    const place = join(keepFolder, String(index));
    const kept = readMounts().some(({ point }) => point === place);
    const apart = !kept && isApart() && readMounts(1).some(({ point }) => point === place);
    if (!kept && !apart) {
      problems.push(`what lay over ${mount.point} (${mount.fileSystem} ${mount.root}) was not kept`);
      continue;
    }
    const enter = apart ? await enterHost() : [];
    const on = await runTool([...enter, 'mount', '-n', '-o', 'bind', place, mount.point], TIMELY);
    if (on.exitCode !== 0) problems.push(`${mount.point}: ${toolFailure('mount', on)}`);
  }
  return problems;
}

/** Lets go of what was kept. */
export async function letGo({ mounts, keepFolder }: Covering): Promise<void> {
  for (const index of mounts.keys()) {
    const place = join(keepFolder, String(index));
    if (!existsSync(place)) continue;
    if (isApart() && readMounts(1).some(({ point }) => point === place))
      await runTool([...(await enterHost()), 'umount', '-l', place], TIMELY);
    if (readMounts().some(({ point }) => point === place)) await runTool(['umount', '-l', place], TIMELY);
    try {
      if (statSync(place).isDirectory()) rmdirSync(place);
      else rmSync(place);
    } catch {
      // Busy for a moment longer: an empty folder of ours is left.
    }
  }
}

const TIMELY = { timeoutMs: 10_000 };

/** A bind mount of a folder wants a folder to lie on, one of a file a file. */
function makePlace(keepFolder: string, index: number, point: string): string | null {
  const place = join(keepFolder, String(index));
  try {
    if (existsSync(place)) return place;
    if (statSync(point).isDirectory()) mkdirSync(place, { mode: 0o700 });
    else writeFileSync(place, '', { mode: 0o600 });
    return place;
  } catch {
    return null;
  }
}

async function whereItLies(mount: MountRef): Promise<readonly string[]> {
  if (isApart() && readMounts(1).some((one) => isSameMount(one, mount))) return enterHost();
  return [];
}

async function enterHost(): Promise<readonly string[]> {
  const nsenter = await findTool('nsenter');
  return nsenter === null ? [] : [nsenter, '--target', '1', '--mount', '--'];
}

/** Whether this process sees other mounts than process 1 does. */
function isApart(): boolean {
  try {
    return readlinkSync('/proc/self/ns/mnt') !== readlinkSync('/proc/1/ns/mnt');
  } catch {
    return false;
  }
}
