import { SCENARIO_WORDS } from '../../drill/scenario-words.ts';
import { type Glance, readGlance } from '../../host/glance.ts';
import { formatAgo } from '../../text/format.ts';
import type { HomeIncident, HomeModel, HomeStart } from '../../tui/home/home-model.ts';
import type { CliContext } from '../context.ts';
import type { IncidentRow } from '../incidents/incidents.ts';

/** What the home screen shows. Loads nothing that the first frame does not need. */
export async function homeModel(context: CliContext, rows: readonly IncidentRow[]): Promise<HomeModel> {
  const glance = await readGlance();
  return {
    version: context.version,
    hostLine: hostLine(glance),
    responderLine: responderLine(context, glance),
    incidents: rows.map(homeIncident),
    starts: starts(glance),
    scenarios: Object.entries(SCENARIO_WORDS).map(([name, detail]) => ({ name, detail })),
    loadPlaybooks: async () => (await import('./home-playbooks.ts')).homePlaybooks(),
  };
}

function hostLine(facts: Glance): string {
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

function responderLine(context: CliContext, facts: Glance): string {
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

function starts(facts: Glance): HomeStart[] {
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
      detail: 'a harmless infection in a sandbox on this machine…',
      choosesPlaybook: false,
      choosesScenario: true,
      whyNot: null,
    },
    { id: 'look', title: 'Look only', detail: 'scan, change nothing', choosesPlaybook: false, whyNot: null },
  ];
}
