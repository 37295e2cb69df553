import type { FileIdentity } from '../../operations/identity.ts';
import type { OpenFolder } from '../safe-path.ts';
import { restoreFolderMtime, withFolderOpened } from './file-change.ts';
import { changeFlags, readFlags } from './file-flags.ts';
import type { FileBefore } from './file-target.ts';
import { readXattrs } from './file-xattrs.ts';
import { isSameContent, lookAt, whatChanged } from './opened-file.ts';

/** After a file was put back: its flags and its folder's time, then a look at whether all is as before. Returns what is not. */
export async function settleRestored(
  fields: {
    readonly file: FileIdentity;
    readonly before: FileBefore;
    readonly parentMtimeAfterNs: string | null;
  },
  folder: OpenFolder,
  name: Buffer,
  parentNowNs: string,
): Promise<string[]> {
  const { before, file } = fields;
  const flagged = await changeFlags(folder, name, '+', before.flags);
  await withFolderOpened(folder, before.parentFlags, () =>
    restoreFolderMtime(folder, parentNowNs, fields.parentMtimeAfterNs, before.parentMtimeNs),
  );
  const differences: string[] = flagged === null ? [] : [flagged];
  const now = await lookAt(folder, name);
  if (now === null || typeof now === 'string') differences.push('it is not there as a whole file');
  else if (!isSameContent(file, now))
    differences.push(whatChanged({ ...file, device: now.device, inode: now.inode }, now) ?? '');
  const xattrs = before.xattrs === null ? null : await readXattrs(folder, name);
  if (xattrs !== before.xattrs)
    differences.push(`its extended attributes ${xattrs === null ? 'cannot be read' : 'differ'}`);
  const flags = before.flags ? await readFlags(folder, name) : before.flags;
  if (flags !== before.flags) differences.push(`its flags ${flags === null ? 'cannot be read' : 'differ'}`);
  return differences;
}
