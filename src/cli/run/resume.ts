import { readImported } from '../../journal/custody-file.ts';
import { findIncidentFolder, type IncidentFolder, readTransport } from '../../journal/folder.ts';
import { followIncident } from '../../runner/follow-incident.ts';
import { type ResumeOptions, refuseImported, resumeIncident } from '../../runner/open-incident.ts';
import type { Runner } from '../../runner/runner.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import { typing } from '../command-words.ts';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { listIncidents } from '../incidents/incidents.ts';
import { elsewhereWords, localHostname } from '../surroundings.ts';
import { sayHowToGoOn, scoreIfDrill } from './drill.ts';
import { openHost, parseTransport } from './hosts.ts';
import { type KnowledgeOptions, readKnowledge } from './knowledge.ts';
import { openOptions } from './run.ts';
import { type FrontKind, type FrontOptions, frontFor, walk } from './walk.ts';

/** `tourniquet resume [INCIDENT]`: without a name the open incident that was touched last. */
export async function resumeVerb(
  context: CliContext,
  name: string | undefined,
  options: ResumeVerbOptions,
): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name ?? (await lastOpen(context)));
  const reason = options.takeOver?.trim();
  if (reason === '') {
    throw new UserError(
      'no-reason',
      'Taking over needs a reason: it is told to them, and stands in the journal.',
    );
  }
  if ((await readImported(folder)) !== null) {
    return walk(context, await followIncident(folder, localHostname(), { whenNobody: IMPORTED }), options);
  }
  const runner = await resumeFolder(context, folder, frontFor(context, options), {
    takeOver: reason === undefined ? undefined : { reason },
    knowledge: await readKnowledge(context, options),
  }).catch((error: unknown) => {
    if (!isLocked(error) || reason !== undefined) throw error;
    return null;
  });
  if (runner === null) return follow(context, folder, options);
  const code = await walk(context, runner, options);
  const { closedAt, host } = runner.view().incident;
  if (closedAt === null && host.isDrill) await sayHowToGoOn(context, runner);
  return (await scoreIfDrill(context, runner)) ?? code;
}

/** Said of an incident that came in by a bundle. */
export const IMPORTED = 'it came in by a bundle and can only be read.';

/** Somebody is at it: read along until they are not, or it is closed. */
async function follow(context: CliContext, folder: IncidentFolder, options: FrontOptions): Promise<ExitCode> {
  const follower = await followIncident(folder, localHostname(), typing(context, folder));
  const { isFollowing, stopped } = follower.view();
  // The other fronts show it themselves, for as long as it is so.
  if (isFollowing && frontFor(context, options) === 'headless') {
    context.stderr.write(`tourniquet: read-only: ${printable(stopped ?? '')}\n`);
  }
  return walk(context, follower, options);
}

export interface ResumeVerbOptions extends FrontOptions, KnowledgeOptions {
  /** Why it is taken from somebody who is at it. */
  readonly takeOver?: string;
}

function isLocked(error: unknown): boolean {
  return error instanceof UserError && error.code === 'incident-locked';
}

/** Takes an incident up, its runner started. `reopen` opens a closed one, for the reason given. */
export async function resumeFolder(
  context: CliContext,
  folder: IncidentFolder,
  front: FrontKind,
  more: Pick<ResumeOptions, 'reopen' | 'takeOver' | 'knowledge'> = {},
): Promise<Runner> {
  await refuseImported(folder);
  const host = await openHost(parseTransport(await readTransport(folder)));
  try {
    const knowledge = more.knowledge ?? (await readKnowledge(context, {}));
    const options = openOptions(context, front, host, knowledge);
    const runner = await resumeIncident({ ...options, ...typing(context, folder), ...more }, folder);
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
    hint: `\`tourniquet run\` begins one; \`tourniquet incidents\` lists those that were closed.${elsewhereWords()}`,
  });
}
