import { join } from 'node:path';
import { incidentFolder } from '../../journal/folder.ts';
import { followIncident } from '../../runner/follow-incident.ts';
import type { Runner } from '../../runner/runner.ts';
import { UserError } from '../../text/user-error.ts';
import type { StartChoice } from '../../tui/home/home-model.ts';
import { typing } from '../command-words.ts';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { IncidentRow } from '../incidents/incidents.ts';
import { notifying } from '../notify/notifying.ts';
import { beginDrill, sayHowToGoOn, scoreIfDrill } from '../run/drill.ts';
import { type HostTransport, openHost } from '../run/hosts.ts';
import { IMPORTED, resumeFolder } from '../run/resume.ts';
import { beginIncident, loadPlaybook } from '../run/run.ts';
import { sayLeft } from '../run/say-left.ts';
import { incidentExit, NOTIFY_WAITS_MS, type Walked } from '../run/walk.ts';
import { localHostname } from '../surroundings.ts';

/** An incident that was chosen on the home screen, and what the exit code will be when it was left; null: nothing to judge. */
export interface OpenedFromHome {
  readonly handle: Walked;
  readonly exitCode: (() => Promise<ExitCode>) | null;
}

/** Goes on with an incident; reads along where somebody is at it or it is closed. */
export async function openChosen(
  context: CliContext,
  id: string,
  row: IncidentRow | undefined,
): Promise<OpenedFromHome> {
  const folder = incidentFolder(row?.folder ?? join(context.root, id));
  const whenNobody = row?.state === 'imported' ? IMPORTED : undefined;
  const follow = async () => ({
    handle: await followIncident(folder, localHostname(), { ...typing(context, folder), whenNobody }),
    exitCode: null,
  });
  if (row?.state === 'closed' || row?.state === 'imported') return follow();
  try {
    return await run(context, await resumeFolder(context, folder, 'terminal'));
  } catch (error) {
    if (error instanceof UserError && error.code === 'incident-locked') return follow();
    throw error;
  }
}

export async function startChosen(context: CliContext, choice: StartChoice): Promise<OpenedFromHome> {
  return run(context, await begin(context, choice));
}

/** Whom the settings name is told of it as well, as of one that is begun on the command line. */
async function run(context: CliContext, runner: Runner): Promise<OpenedFromHome> {
  const notified = await notifying(context, runner, []);
  return {
    handle: runner,
    async exitCode() {
      await notified?.finish(NOTIFY_WAITS_MS);
      // The screen that said so is gone.
      const { incident } = runner.view();
      await sayLeft(context, 'terminal', runner);
      if (incident.closedAt === null && incident.host.isDrill) await sayHowToGoOn(context, runner);
      return (await scoreIfDrill(context, runner)) ?? incidentExit(runner);
    },
  };
}

async function begin(context: CliContext, choice: StartChoice): Promise<Runner> {
  const loaded = await loadPlaybook(choice.playbookPath ?? context.defaultPlaybook);
  if (choice.id === 'drill') {
    const scenario = choice.scenario === undefined ? {} : { scenario: choice.scenario };
    return beginDrill(context, 'terminal', loaded, { isQuiet: true, ...scenario });
  }
  const transport: HostTransport =
    choice.address === null ? { kind: 'local' } : { kind: 'command', argv: sshArgv(choice.address) };
  const others = loaded.playbook.steps.filter((step) => step.uses !== 'triage');
  return beginIncident(context, 'terminal', {
    ...loaded,
    transport,
    host: await openHost(transport),
    inputs: {},
    skip: choice.id === 'look' ? others.map((step) => ({ stepId: step.id, reason: 'only looking' })) : [],
  });
}

/** A question of ssh's own would be drawn into the screen: keys only, and what ssh says when they do not do. */
function sshArgv(address: string): readonly string[] {
  return ['ssh', '-T', '-o', 'BatchMode=yes', '--', address, 'tourniquet', 'agent'];
}
