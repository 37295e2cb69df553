import { z } from 'zod';
import { fileBefore, plannedFile } from './file-change.ts';

/** What quarantine-file writes down to be checked and undone. */
export const quarantineFields = z.object({
  file: plannedFile,
  before: fileBefore,
  quarantineFolder: z.string(),
  quarantineName: z.string(),
  evidenceName: z.string(),
  /** Of the folder it was in, after the move; null until then. */
  parentMtimeAfterNs: z.string().nullable(),
});
export type QuarantineReceipt = z.infer<typeof quarantineFields>;
