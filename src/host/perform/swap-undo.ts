import { readFileSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { toFsPath } from '../file-identity.ts';
import { type OpenFolder, openParent, WalkError } from '../safe-path.ts';
import { withFolderOpened } from './file-change.ts';
import { settleRestored } from './file-restored.ts';
import { folderMtimeNs } from './file-target.ts';
import { setMtime } from './file-times.ts';
import { type FileNow, isSameContent, lookAt } from './opened-file.ts';
import { errorCode } from './outcome.ts';
import { fsyncFolder } from './private-folder.ts';
import { moveWithoutReplacing, openQuarantine, tidyQuarantine } from './quarantine-place.ts';
import type { SwapFields } from './swap-file.ts';
import { copyAttributes, writeLikeOriginal } from './twin-file.ts';

/** Puts the original back over what took its place, unless something else has changed that since. Null, or why not. */
export async function restoreSwapped(fields: SwapFields): Promise<string | null> {
  const { path } = fields.file;
  try {
    const { folder, name } = openParent(path);
    const quarantine = await openQuarantine(fields.quarantineFolder);
    try {
      return await putOriginal(fields, folder, name, quarantine);
    } finally {
      folder.close();
      rmSync(quarantine.child(`${fields.quarantineName}.new`), { force: true });
      quarantine.close();
      await tidyQuarantine(fields.quarantineFolder).catch(() => undefined);
    }
  } catch (error) {
    if (error instanceof WalkError)
      return `${error.message} Make its folder again as it was, then undo once more.`;
    return `${path} could not be restored (${errorCode(error)}). Its original is at ${fields.copyPath}.`;
  }
}

async function putOriginal(
  fields: SwapFields,
  folder: OpenFolder,
  name: Buffer,
  quarantine: OpenFolder,
): Promise<string | null> {
  const { path } = fields.file;
  const standing = await lookAt(folder, name);
  const kept = await lookAt(quarantine, fields.quarantineName);
  const parentNowNs = folderMtimeNs(folder);
  if (typeof standing === 'string' || (standing !== null && !isOurs(standing, fields)))
    return `${path} was changed by something else since, and that is not overwritten. Compare it with the original at ${fields.copyPath} and put in by hand what should be there.`;
  if (kept !== null && (typeof kept === 'string' || !isSameContent(fields.file, kept)))
    return `The original kept at ${fields.quarantineFolder}/${fields.quarantineName} was altered; it is not put back. The evidence has its bytes: ${fields.evidenceName}.`;
  const isOriginal = standing !== null && isSameContent(fields.file, standing);
  if (kept !== null || !isOriginal) {
    await withFolderOpened(folder, fields.before.parentFlags, async () => {
      if (kept !== null) replace(fields, folder, name, quarantine, standing, kept);
      else await rebuild(fields, folder, name, quarantine, standing);
    });
    fsyncFolder(folder.child('.'));
    fsyncFolder(quarantine.child('.'));
  }
  const differences = await settleRestored(fields, folder, name, parentNowNs);
  return differences.length > 0 ? `${path} was restored, but ${differences.join('; ')}.` : null;
}

/** The edited file as we left it, or the original itself. */
function isOurs(standing: FileNow, fields: SwapFields): boolean {
  return (
    standing.kind === 'file' && (standing.sha256 === fields.newSha256 || isSameContent(fields.file, standing))
  );
}

function replace(
  fields: SwapFields,
  folder: OpenFolder,
  name: Buffer,
  quarantine: OpenFolder,
  standing: FileNow | null,
  kept: FileNow,
): void {
  const keptName = fields.quarantineName;
  if (standing === null) {
    moveWithoutReplacing(quarantine, keptName, folder, name);
  } else if (standing.inode === kept.inode && standing.device === kept.device) {
    // rename(2) does nothing between two names of one file, which is what a cut-off edit leaves.
    unlinkSync(quarantine.child(keptName));
  } else {
    renameSync(quarantine.child(keptName), folder.child(name));
  }
}

/** Without the inode, from the copy of its bytes: same contents, owner, mode and time, another inode. */
async function rebuild(
  fields: SwapFields,
  folder: OpenFolder,
  name: Buffer,
  quarantine: OpenFolder,
  standing: FileNow | null,
): Promise<void> {
  const twin = `${fields.quarantineName}.new`;
  rmSync(quarantine.child(twin), { force: true });
  writeLikeOriginal(quarantine, twin, readFileSync(toFsPath(fields.copyPath)), fields.file);
  if (standing !== null) await copyAttributes({ folder, name }, quarantine, twin, fields.file);
  await setMtime(quarantine, twin, fields.file.mtimeNs);
  if (standing === null) moveWithoutReplacing(quarantine, twin, folder, name);
  else renameSync(quarantine.child(twin), folder.child(name));
}
