import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadStream, WriteStream } from 'node:tty';
import type { IncidentHandle } from '../engine/handle.ts';
import { incidentFolder } from '../journal/folder.ts';
import { UserError } from '../text/user-error.ts';
import type { TuiCallbacks, TuiOptions, TuiResult } from '../tui/run-tui.tsx';
import type { CliContext } from './context.ts';
import { editText } from './edit-text.ts';
import { recordedShell } from './recorded-shell.ts';
import { saveOutput } from './save-output.ts';
import { transcriptText } from './transcript-text.ts';

/** Runs the terminal interface. Only here, so that nothing else loads Ink. */
export async function runTerminal(
  context: CliContext,
  start: TuiOptions['start'],
  callbacks: Pick<TuiCallbacks, 'openIncident' | 'startIncident'> = NO_HOME,
): Promise<TuiResult> {
  const { runTui } = await import('../tui/run-tui.tsx');
  return runTui({
    start,
    stdin: context.stdin as ReadStream,
    stdout: context.stdout as WriteStream,
    environment: context.environment,
    callbacks: {
      ...callbacks,
      exportTranscript,
      saveOutput,
      openShell: (handle, stepId, lend) => recordedShell(context, handle, stepId, lend),
      editText: (handle, text, lend) => editText(context, handle, text, lend),
    },
    settings: { ascii: context.ascii, theme: context.theme, signals: context.signals },
  });
}

const NO_HOME: Pick<TuiCallbacks, 'openIncident' | 'startIncident'> = {
  openIncident: () => Promise.reject(new UserError('no-home', 'There is no home screen here.')),
  startIncident: () => Promise.reject(new UserError('no-home', 'There is no home screen here.')),
};

/** Beside the journal, where only its owner can read it. */
async function exportTranscript(handle: IncidentHandle): Promise<string> {
  const folder = incidentFolder(handle.view().folder);
  const path = join(folder.path, 'transcript.md');
  await writeFile(path, await transcriptText(folder, 'md'), { mode: 0o600 });
  return path;
}
