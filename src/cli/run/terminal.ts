import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadStream, WriteStream } from 'node:tty';
import type { IncidentHandle } from '../../engine/handle.ts';
import { incidentFolder } from '../../journal/folder.ts';
import { UserError } from '../../text/user-error.ts';
import type { TuiCallbacks, TuiOptions, TuiResult } from '../../tui/run-tui.ts';
import { commandToType } from '../command-words.ts';
import type { CliContext } from '../context.ts';
import { takeSkeleton } from '../skeleton.ts';
import { holdBack } from './hold-back.ts';

/** Runs the terminal interface. Only here, so that nothing else loads Ink. */
export async function runTerminal(
  context: CliContext,
  start: TuiOptions['start'],
  callbacks: Pick<TuiCallbacks, 'openIncident' | 'startIncident'> = NO_HOME,
): Promise<TuiResult> {
  const { runTui } = await import('../../tui/run-tui.ts');
  takeSkeleton();
  const letGo = holdBack(context.stderr as WriteStream);
  return runTui({
    start,
    stdin: context.stdin as ReadStream,
    stdout: context.stdout as WriteStream,
    environment: context.environment,
    callbacks: {
      ...callbacks,
      exportTranscript,
      saveOutput: async (handle, operationId, path) =>
        (await import('./save-output.ts')).saveOutput(handle, operationId, path),
      openShell: async (handle, stepId, lend) =>
        (await import('./recorded-shell.ts')).recordedShell(context, handle, stepId, lend),
      editText: async (handle, text, lend) =>
        (await import('./edit-text.ts')).editText(context, handle, text, lend),
    },
    resumeCommand: (id) => commandToType(context, `resume ${id}`),
    settings: { ascii: context.ascii, theme: context.theme, signals: context.signals },
  }).finally(letGo);
}

const NO_HOME: Pick<TuiCallbacks, 'openIncident' | 'startIncident'> = {
  openIncident: () => Promise.reject(new UserError('no-home', 'There is no home screen here.')),
  startIncident: () => Promise.reject(new UserError('no-home', 'There is no home screen here.')),
};

/** Beside the journal, where only its owner can read it. */
async function exportTranscript(handle: IncidentHandle): Promise<string> {
  const folder = incidentFolder(handle.view().folder);
  const { transcriptText } = await import('../hand-over/transcript-text.ts');
  const path = join(folder.path, 'transcript.md');
  await writeFile(path, await transcriptText(folder, 'md'), { mode: 0o600 });
  return path;
}
