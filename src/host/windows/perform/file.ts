import { z } from 'zod';
import { samePath } from '../../../findings/windows/windows-paths.ts';
import type { FileIdentity } from '../../../operations/identity.ts';
import type { Prepared } from '../../../operations/receipt.ts';
import { refused } from '../../perform/outcome.ts';
import type { RowOf } from '../answers.ts';
import { ask } from '../ask.ts';
import { call, LostCall } from '../call.ts';
import { isSameFile } from '../file-identity.ts';
import type { PowerShellSession } from '../powershell-session.ts';
import type { WindowsContext } from '../windows-performer.ts';
import { processStates } from './process.ts';

export const security = z.object({
  sddl: z.string(),
  attributes: z.number().int(),
  created: z.string(),
  written: z.string(),
});

/** Those of the paths that are files now. */
export async function filesNow(
  session: PowerShellSession,
  paths: readonly string[],
): Promise<readonly RowOf<'scan/files'>[]> {
  const answer = await ask(session, 'scan/files', { Path: paths });
  if (answer.status === 'unanswered') throw new LostCall(`The file could not be read: ${answer.reason}`);
  return answer.rows;
}

export async function shaNow(session: PowerShellSession, path: string): Promise<string | null | undefined> {
  const [row] = await filesNow(session, [path]);
  return row?.sha256;
}

export async function securityOf(
  session: PowerShellSession,
  path: string,
): Promise<z.infer<typeof security>> {
  const [row] = await call(session, 'file-security', { Path: path }, security);
  if (row === undefined) throw new LostCall(`Who may do what with ${path} cannot be read.`);
  return row;
}

/** Why an operation on it is not begun; null if it is what was planned for, and not our own. */
export async function whyNotThisFile(file: FileIdentity, context: WindowsContext): Promise<Prepared | null> {
  const { session, facts } = context;
  const [row] = await filesNow(session, [file.path]);
  if (!isSameFile(file, row))
    return refused('stale', `${file.path} is no longer the file that was planned for: look again.`);
  const own = await processStates(session, facts.responder.protectedPids);
  if (own.some(({ path }) => samePath(path) === samePath(file.path)))
    return refused('responder', `${file.path} is the program of your own session, or of tourniquet itself.`);
  return null;
}
