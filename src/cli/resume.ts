import { findIncidentFolder, type IncidentFolder, readTransport } from '../journal/folder.ts';
import { resumeIncident } from '../runner/open-incident.ts';
import type { Runner } from '../runner/runner.ts';
import { UserError } from '../text/user-error.ts';
import type { CliContext } from './context.ts';
import { scoreIfDrill } from './drill.ts';
import type { ExitCode } from './exit-codes.ts';
import { openHost, parseTransport } from './hosts.ts';
import { listIncidents } from './incidents.ts';
import { openOptions } from './run.ts';
import { type FrontKind, type FrontOptions, frontFor, walk } from './walk.ts';

/** `tourniquet resume [INCIDENT]`: without a name the open incident that was touched last. */
export async function resumeVerb(
  context: CliContext,
  name: string | undefined,
  options: FrontOptions,
): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name ?? (await lastOpen(context)));
  const runner = await resumeFolder(context, folder, frontFor(context, options));
  const code = await walk(context, runner, options);
  return (await scoreIfDrill(context, runner)) ?? code;
}

/** Takes an incident up, its runner started. `reopen` opens a closed one, for the reason given. */
export async function resumeFolder(
  context: CliContext,
  folder: IncidentFolder,
  front: FrontKind,
  reopen?: string,
): Promise<Runner> {
  const host = await openHost(parseTransport(await readTransport(folder)));
  try {
    const options = openOptions(context, front, host);
    const runner = await resumeIncident(reopen === undefined ? options : { ...options, reopen }, folder);
    return runner.start();
  } catch (error) {
    await host.close();
    throw error;
  }
}

async function lastOpen(context: CliContext): Promise<string> {
  const { rows } = await listIncidents(context.root);
  const open = rows.find((row) => row.state === 'open');
  if (open) return open.id;
  throw new UserError('no-open-incident', `There is no open incident in ${context.root}.`, {
    hint: '`tourniquet run` begins one; `tourniquet incidents` lists those that were closed.',
  });
}
