import { dirname } from 'node:path';
import { z } from 'zod';
import { openFolder } from '../safe-path.ts';
import { restoreFolderMtime } from './file-change.ts';
import { folderMtimeNs } from './file-target.ts';

/** The modification time of a folder before a change in it, and after; null as long as that is not known. */
export const folderTime = z.object({
  path: z.string(),
  beforeNs: z.string(),
  afterNs: z.string().nullable(),
});
export type FolderTime = z.infer<typeof folderTime>;

/** Of the folders that these paths are in. One that is not there is left out. */
export function noteFolderTimes(paths: readonly string[]): FolderTime[] {
  return [...new Set(paths.map((path) => dirname(path)))].flatMap((path) => {
    const beforeNs = mtimeOf(path);
    return beforeNs === null ? [] : [{ path, beforeNs, afterNs: null }];
  });
}

/** After the change, so that undo can tell whether somebody else has changed something in there since. */
export function withTimesAfter(times: readonly FolderTime[]): FolderTime[] {
  return times.map((time) => ({ ...time, afterNs: mtimeOf(time.path) }));
}

/** Around what takes the change back: each folder gets its time again, if nothing but the change has moved it. */
export async function restoringFolderTimes<T>(
  times: readonly FolderTime[],
  undo: () => Promise<T>,
): Promise<T> {
  const now = times.map(({ path }) => mtimeOf(path));
  const result = await undo();
  for (const [index, { path, beforeNs, afterNs }] of times.entries()) {
    try {
      const folder = openFolder(path);
      // One that was gone meanwhile and had to be made anew has no time of anybody's.
      await restoreFolderMtime(folder, now[index] ?? afterNs ?? beforeNs, afterNs, beforeNs).finally(
        folder.close,
      );
    } catch {
      // It is not there: then nothing of it is to be put back either, which undo says by itself.
    }
  }
  return result;
}

function mtimeOf(path: string): string | null {
  try {
    const folder = openFolder(path);
    try {
      return folderMtimeNs(folder);
    } finally {
      folder.close();
    }
  } catch {
    return null;
  }
}
