import { z } from 'zod';
import { fileBefore, plannedFile } from './file-change.ts';

/** What edit-file writes down to be checked and undone. */
export const editFields = z.object({
  file: plannedFile,
  before: fileBefore,
  /** Of the contents as they will be. */
  newSha256: z.string(),
  /** For each line that goes: how many of the same text stay. */
  remaining: z.array(z.number()),
  /** For each line that comes: how many of the same text there are then. */
  arrived: z.array(z.number()).default([]),
  /** The original inode stays here under a second name, so that undo brings that very file back. */
  quarantineFolder: z.string(),
  quarantineName: z.string(),
  /** A copy of the original bytes, for file systems without hard links. */
  copyPath: z.string(),
  evidenceName: z.string(),
  /** On this host: what passwords of the edit are made from; null if it needs none. */
  madeUpKey: z.string().nullable().default(null),
  parentMtimeAfterNs: z.string().nullable(),
});
export type EditReceipt = z.infer<typeof editFields>;
