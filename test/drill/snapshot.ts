import { differences } from '../../src/drill/damage.ts';
import { lookInside } from '../../src/drill/look.ts';
import { readManifest } from '../../src/drill/manifest.ts';
import type { Sandbox } from '../../src/drill/sandbox-handle.ts';
import type { FileSnapshot } from '../../src/drill/scene.ts';

/** The state (hash, owner, mode, time, attributes) of these paths inside; default: all that the scenario planted. */
export async function snapshotFiles(sandbox: Sandbox, paths?: readonly string[]): Promise<FileSnapshot> {
  const wanted = paths ?? Object.keys(readManifest(sandbox.folder).planted);
  return (await lookInside(sandbox, { files: wanted })).files;
}

/** What is not, bit for bit, as it was planted, one line each: empty at the start of a drill and after a full undo. */
export async function compareWithPlanted(sandbox: Sandbox): Promise<string[]> {
  return compareSnapshots(readManifest(sandbox.folder).planted, await snapshotFiles(sandbox));
}

/** What is different in `after`, one line each; empty: bit for bit the same. */
export function compareSnapshots(before: FileSnapshot, after: FileSnapshot): string[] {
  const found: string[] = [];
  for (const [path, was] of Object.entries(before).sort(byPath)) {
    const now = after[path] ?? null;
    if (was === null || now === null) {
      if (was !== now) found.push(`${path}: ${was === null ? 'was not there before' : 'is gone'}`);
      continue;
    }
    const changed = differences(was, now);
    if (changed !== null) found.push(`${path}: ${changed}`);
  }
  return found;
}

function byPath([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
