import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { toFsPath } from '../file-identity.ts';
import type { Flags } from './file-flags.ts';
import { ensurePrivateFolder, writeFileDurably } from './private-folder.ts';

/**
 * Before flags are taken off a file, they are written down here, by its inode. A cut-off between that and the change
 * would otherwise lose them: the next plan would find the file without, and undo would not set them again.
 */
export function writeFlagNote(hostFolder: string, file: Inode, flags: Flags | null): void {
  if (flags === null || flags === '') return;
  ensurePrivateFolder(join(hostFolder, 'flags'));
  writeFileDurably(pathOf(hostFolder, file), flags);
}

/** The flags it has, with those that a cut-off has left off. */
export function withNotedFlags(hostFolder: string, file: Inode, flags: Flags | null): Flags | null {
  try {
    const noted = readFileSync(toFsPath(pathOf(hostFolder, file)), 'latin1');
    return [...'ia'].filter((flag) => noted.includes(flag) || flags?.includes(flag)).join('');
  } catch {
    return flags;
  }
}

/** They are on again, or in a receipt. */
export function dropFlagNote(hostFolder: string, file: Inode): void {
  rmSync(toFsPath(pathOf(hostFolder, file)), { force: true });
}

interface Inode {
  readonly device: string;
  readonly inode: string;
}

function pathOf(hostFolder: string, file: Inode): string {
  return join(hostFolder, 'flags', `${file.device}-${file.inode}`);
}
