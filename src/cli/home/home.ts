import type { IncidentHandle } from '../../engine/handle.ts';
import { commandToType } from '../command-words.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { listIncidents } from '../incidents/incidents.ts';
import { runTerminal } from '../run/terminal.ts';
import { frontFor } from '../run/walk.ts';
import { homeModel } from './home-model.ts';
import type { OpenedFromHome } from './home-open.ts';

/** `tourniquet` with nothing else: what is open, and what can be begun. What a choice needs is loaded when it is made. */
export async function homeVerb(context: CliContext): Promise<ExitCode> {
  if (frontFor(context, {}) !== 'terminal') {
    const commands = ['run', 'drill', 'resume', '--help'].map((words) =>
      commandToType({ ...context, namedFolder: undefined }, words),
    );
    context.stderr.write(
      'tourniquet: the home screen needs a terminal that can draw. In plain lines:\n' +
        `  ${commands[0]}      responds on this host\n` +
        `  ${commands[1]}    practises on a harmless infection in a sandbox\n` +
        `  ${commands[2]}   goes on with what is open\n` +
        `  ${commands[3]}   lists the rest\n`,
    );
    return EXIT.usage;
  }
  const { rows } = await listIncidents(context.root);
  let exitCode = async (): Promise<ExitCode> => EXIT.done;
  const opened = (incident: OpenedFromHome): IncidentHandle => {
    exitCode = incident.exitCode ?? exitCode;
    return incident.handle;
  };
  await runTerminal(
    context,
    { kind: 'home', home: await homeModel(context, rows) },
    {
      async openIncident(id) {
        const { openChosen } = await import('./home-open.ts');
        return opened(
          await openChosen(
            context,
            id,
            rows.find((row) => row.id === id),
          ),
        );
      },
      async startIncident(choice) {
        const { startChosen } = await import('./home-open.ts');
        return opened(await startChosen(context, choice));
      },
    },
  );
  return exitCode();
}
