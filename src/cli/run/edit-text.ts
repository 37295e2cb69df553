import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncidentHandle, Lend } from '../../engine/handle.ts';
import { runInTerminal } from '../../host/run-in-terminal.ts';
import { UserError } from '../../text/user-error.ts';
import type { CliContext } from '../context.ts';

/** More is a file, not a note. */
const MOST_BYTES = 256 * 1024;

/**
 * Has the text written in the responder's editor ($VISUAL, $EDITOR, else vi), in a file of the incident folder that
 * is taken away afterwards. @throws UserError if the editor fails; nothing is taken from it then.
 */
export async function editText(
  context: CliContext,
  handle: IncidentHandle,
  text: string,
  lend: Lend,
): Promise<string> {
  const { environment } = context;
  const editor = environment.VISUAL || environment.EDITOR || 'vi';
  const path = join(handle.view().folder, `note-${process.pid}.md`);
  await writeFile(path, text === '' ? '' : `${text}\n`, { mode: 0o600, flag: 'wx' });
  try {
    let exitCode: number | null = null;
    await lend(async () => {
      // $EDITOR is a command with its options, as git takes it: split by the shell, the file never is.
      const argv = ['/bin/sh', '-c', 'exec $TOURNIQUET_EDITOR "$1"', 'editor', path];
      exitCode = await runInTerminal(argv, { ...environment, TOURNIQUET_EDITOR: editor });
    });
    if (exitCode !== 0)
      throw new UserError('editor-failed', `${editor} ended with ${exitCode ?? 'a signal'}.`);
    const written = await readFile(path);
    if (written.length > MOST_BYTES)
      throw new UserError('too-long', 'That is more than a note: keep it as a file beside the incident.');
    return written.toString();
  } finally {
    await rm(path, { force: true });
  }
}
