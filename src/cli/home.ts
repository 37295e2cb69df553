import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostFacts } from '../host/host.ts';
import { createLocalHost } from '../host/local.ts';
import { incidentFolder } from '../journal/folder.ts';
import { followIncident } from '../runner/follow-incident.ts';
import type { Runner } from '../runner/runner.ts';
import { formatAgo } from '../text/format.ts';
import { UserError } from '../text/user-error.ts';
import type { HomeIncident, HomeModel, HomePlaybook, HomeStart, StartChoice } from '../tui/home-model.ts';
import type { CliContext } from './context.ts';
import { beginDrill, scoreIfDrill } from './drill.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { type HostTransport, openHost } from './hosts.ts';
import { type IncidentRow, listIncidents } from './incidents.ts';
import { IMPORTED, resumeFolder } from './resume.ts';
import { beginIncident, loadPlaybook } from './run.ts';
import { localHostname, shippedPlaybooks } from './surroundings.ts';
import { runTerminal } from './terminal.ts';
import { frontFor, incidentExit } from './walk.ts';

/** `tourniquet` with nothing else: what is open, and what can be begun. */
export async function homeVerb(context: CliContext): Promise<ExitCode> {
  if (frontFor(context, {}) !== 'terminal') {
    context.stderr.write(
      'tourniquet: the home screen needs a terminal. `tourniquet --help` lists the commands.\n',
    );
    return EXIT.usage;
  }
  const { rows } = await listIncidents(context.root);
  // What the exit code will be, once there is something to judge.
  let exitCode = async (): Promise<ExitCode> => EXIT.done;
  const toRun = (runner: Runner): Runner => {
    exitCode = async () => (await scoreIfDrill(context, runner)) ?? incidentExit(runner);
    return runner;
  };
  await runTerminal(
    context,
    { kind: 'home', home: await homeModel(context, rows) },
    {
      async openIncident(id) {
        const row = rows.find((candidate) => candidate.id === id);
        const folder = incidentFolder(row?.folder ?? join(context.root, id));
        if (row?.state === 'imported') return followIncident(folder, localHostname(), IMPORTED);
        if (row?.state === 'closed') return followIncident(folder, localHostname());
        try {
          return toRun(await resumeFolder(context, folder, 'terminal'));
        } catch (error) {
          if (error instanceof UserError && error.code === 'incident-locked')
            return followIncident(folder, localHostname());
          throw error;
        }
      },
      startIncident: async (choice) => toRun(await begin(context, choice)),
    },
  );
  return exitCode();
}

async function begin(context: CliContext, choice: StartChoice): Promise<Runner> {
  const loaded = await loadPlaybook(choice.playbookPath ?? context.defaultPlaybook);
  if (choice.id === 'drill') return beginDrill(context, 'terminal', loaded, { isQuiet: true });
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

async function homeModel(context: CliContext, rows: readonly IncidentRow[]): Promise<HomeModel> {
  const host = createLocalHost({ withoutHardware: true });
  const facts = await host.facts();
  await host.close();
  return {
    version: context.version,
    hostLine: hostLine(facts),
    responderLine: responderLine(context, facts),
    incidents: rows.map(homeIncident),
    starts: starts(facts),
    playbooks: await homePlaybooks(),
  };
}

function hostLine(facts: HostFacts): string {
  const days = Math.floor(facts.upSeconds / 86_400);
  const up = days > 0 ? `up ${days} d` : `up ${Math.floor(facts.upSeconds / 3600)} h`;
  return [
    facts.hostname,
    facts.distribution,
    `${facts.cores} cores`,
    up,
    `load ${facts.loadAverage.toFixed(2)}`,
  ].join(' · ');
}

function responderLine(context: CliContext, facts: HostFacts): string {
  const { account, peerAddress } = facts.responder;
  const name = context.responder === account ? account : `${context.responder} (${account})`;
  return `you: ${name}${facts.isRoot ? '' : ', not root'}${peerAddress ? ` ← ${peerAddress}` : ''}`;
}

function homeIncident(row: IncidentRow): HomeIncident {
  const isClosed = row.state === 'closed' || row.state === 'imported';
  const where = isClosed
    ? row.state
    : row.stoppedAt === null
      ? 'all finished'
      : `${row.lockedBy === null ? 'stopped' : `${row.lockedBy} is`} at ${row.stoppedAt}`;
  const ago = formatAgo(Date.now() - Date.parse(row.lastAt));
  return {
    id: row.id,
    playbook: row.isDrill ? `${row.playbook}, drill` : row.playbook,
    state: `${row.finished} of ${row.total} done · ${where} · ${ago}`,
    how: isClosed ? 'read' : row.lockedBy === null ? 'resume' : 'follow',
    whyNot: row.state === 'altered' ? 'its journal was altered; `tourniquet show` still reads it' : null,
  };
}

function starts(facts: HostFacts): HomeStart[] {
  const notRoot = facts.isRoot ? null : 'as an ordinary user much of this fails; start with sudo';
  return [
    {
      id: 'here',
      title: 'Respond on this host',
      detail: 'choose a playbook…',
      choosesPlaybook: true,
      whyNot: notRoot,
    },
    {
      id: 'remote',
      title: 'Respond on another host',
      detail: 'over ssh…',
      choosesPlaybook: true,
      asksAddress: true,
      whyNot: null,
    },
    {
      id: 'drill',
      title: 'Practise',
      detail: 'a harmless infection in a sandbox on this machine',
      choosesPlaybook: false,
      whyNot: null,
    },
    { id: 'look', title: 'Look only', detail: 'scan, change nothing', choosesPlaybook: false, whyNot: null },
  ];
}

async function homePlaybooks(): Promise<HomePlaybook[]> {
  const folder = shippedPlaybooks();
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    names.map(async (name): Promise<HomePlaybook> => {
      const path = join(folder, name);
      try {
        const { playbook } = await loadPlaybook(path);
        return { path, name: playbook.name, title: playbook.title, summary: playbook.summary, whyNot: null };
      } catch {
        const whyNot = `it has problems: tourniquet playbook check ${path}`;
        return { path, name, title: name, summary: '', whyNot };
      }
    }),
  );
}
