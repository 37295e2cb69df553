import type { DrillScenario, Sandbox } from '../../drill/sandbox.ts';
import type { Incident } from '../../engine/incident.ts';
import { incidentFolder, readTransport } from '../../journal/folder.ts';
import type { Runner } from '../../runner/runner.ts';
import { formatAgo } from '../../text/format.ts';
import { safeJson } from '../../text/json.ts';
import { UserError } from '../../text/user-error.ts';
import { commandToType } from '../command-words.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { textTable } from '../text-table.ts';
import { openHost, parseTransport } from './hosts.ts';
import { readKnowledge } from './knowledge.ts';
import { beginIncident, leftOut, loadPlaybook, type RunOptions, readInputs } from './run.ts';
import { type FrontKind, frontFor, walk } from './walk.ts';

export interface DrillOptions extends RunOptions {
  readonly playbook?: string;
  readonly scenario?: string;
  readonly seed?: number;
  readonly list?: boolean;
  /** Something else is on the screen: say nothing beside it. */
  readonly isQuiet?: boolean;
  /** A sandbox's id, or true for all of them. */
  readonly end?: string | true;
}

/** `tourniquet drill`: infect a sandbox, respond in it, say how it went. Exit 0 only if it was won. */
export async function drillVerb(context: CliContext, options: DrillOptions): Promise<ExitCode> {
  if (options.list) return listDrills(context);
  if (options.end !== undefined) return endDrills(context, options.end);
  const loaded = await loadPlaybook(options.playbook ?? context.defaultPlaybook);
  const runner = await beginDrill(context, frontFor(context, options), loaded, options);
  const code = await walk(context, runner, options);
  const scored = await scoreIfDrill(context, runner);
  if (runner.view().incident.closedAt === null) {
    await sayHowToGoOn(context, runner);
  }
  return scored ?? code;
}

/** A drill is scored once its incident is closed; until then its sandbox waits. */
export async function sayHowToGoOn(context: CliContext, runner: Runner): Promise<void> {
  const { incident, folder } = runner.view();
  const transport = parseTransport(await readTransport(incidentFolder(folder)));
  const id = transport.kind === 'drill' ? transport.sandboxId : '';
  context.stderr.write(
    'The drill is not over: it is scored when its incident is closed. Its sandbox waits for a day.\n' +
      `  to go on:      ${commandToType(context, `resume ${incident.id}`)}\n` +
      `  to end it now: ${commandToType({ ...context, namedFolder: undefined }, `drill --end ${id}`)}\n`,
  );
}

type Loaded = Awaited<ReturnType<typeof loadPlaybook>>;

/** A new sandbox, infected, and an incident in it, its runner started. */
export async function beginDrill(
  context: CliContext,
  front: FrontKind,
  loaded: Loaded,
  options: DrillOptions,
): Promise<Runner> {
  const { ensureDrillTools } = await import('./drill-tools.ts');
  if (!options.isQuiet) await ensureDrillTools(context);
  const { drillInputs } = await import('../../drill/drill-inputs.ts');
  // Inputs of the drill that the playbook does not have are for other playbooks.
  const known = Object.entries(drillInputs()).filter(([name]) => name in loaded.playbook.inputs);
  const pairs = [...known.map(([name, value]) => `${name}=${String(value)}`), ...(options.input ?? [])];
  // What was typed first: a mistake in it is said before a sandbox is made and a host is opened.
  const inputs = readInputs(loaded.playbook, pairs);
  const skip = leftOut(loaded.playbook, options);
  const knowledge = await readKnowledge(context, options);
  const sandbox = await infected(context, options);
  const transport = { kind: 'drill', sandboxId: sandbox.id } as const;
  try {
    return await beginIncident(context, front, {
      ...loaded,
      transport,
      host: await openHost(transport),
      ...{ inputs, skip, knowledge },
    });
  } catch (error) {
    await sandbox.end();
    throw error;
  }
}

async function infected(context: CliContext, options: DrillOptions): Promise<Sandbox> {
  const { DRILL_SCENARIOS, startSandbox } = await import('../../drill/sandbox.ts');
  const scenario = options.scenario ?? 'noisy';
  if (!(DRILL_SCENARIOS as readonly string[]).includes(scenario)) {
    throw new UserError('no-such-scenario', `There is no scenario "${scenario}".`, {
      hint: `Known: ${DRILL_SCENARIOS.join(', ')}.`,
    });
  }
  if (!context.json && !options.isQuiet) {
    context.stderr.write(
      'Making a sandbox of this machine and infecting it (nothing in it is real malware)…\n',
    );
  }
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  return startSandbox({ scenario: scenario as DrillScenario, ...seed });
}

/**
 * Scores a drill whose incident was closed, by looking at its sandbox. null: it is no drill, or not over yet, or
 * nothing was infected that could be scored.
 */
export async function scoreIfDrill(context: CliContext, runner: Runner): Promise<ExitCode | null> {
  const { incident, folder } = runner.view();
  if (incident.closedAt === null || !incident.host.isDrill) return null;
  const transport = parseTransport(await readTransport(incidentFolder(folder)));
  if (transport.kind !== 'drill') return null;
  const { openSandbox } = await import('../../drill/sandbox.ts');
  const { scoreDrill } = await import('../../drill/score.ts');
  const { formatScore } = await import('../../drill/format-score.ts');
  const sandbox = openSandbox(transport.sandboxId);
  if (sandbox.record.scenario === 'none') return null;
  const result = await scoreDrill(sandbox, { foundPaths: foundPaths(incident) });
  if (context.json) {
    context.stdout.write(
      `${safeJson({ drill: { sandbox: sandbox.id, incident: incident.id, ...result } })}\n`,
    );
  } else {
    context.stdout.write(`\n${formatScore(result)}`);
    context.stdout.write(
      '\nThe sandbox is still there.\n' +
        `  what happened, to hand over:  ${commandToType(context, `transcript ${incident.id}`)}\n` +
        `  to take back what was done:   ${commandToType(context, `undo ${incident.id}`)}\n` +
        `  to take the sandbox away:     ${commandToType({ ...context, namedFolder: undefined }, `drill --end ${sandbox.id}`)}\n`,
    );
  }
  return result.isWon ? EXIT.done : EXIT.unfinished;
}

/** Everything that the responder was shown as malicious or suspicious, by path. */
function foundPaths(incident: Incident): string[] {
  const paths = new Set<string>();
  for (const finding of incident.steps.flatMap((step) => step.findings ?? [])) {
    if (finding.verdict !== 'malicious' && finding.verdict !== 'suspicious') continue;
    for (const place of finding.places) paths.add(place.path);
    const { subject } = finding;
    if (subject.kind === 'process' && subject.process.exePath) paths.add(subject.process.exePath);
    if ('file' in subject) paths.add(subject.file.path);
  }
  return [...paths];
}

async function listDrills(context: CliContext): Promise<ExitCode> {
  const { listSandboxes } = await import('../../drill/sandbox.ts');
  const sandboxes = listSandboxes();
  if (context.json) context.stdout.write(`${safeJson({ sandboxes }, 2)}\n`);
  else if (sandboxes.length === 0) context.stdout.write('No drill is under way.\n');
  else {
    const now = Date.now();
    const rows = sandboxes.map((record) => [record.id, record.scenario, formatAgo(now - record.startedAt)]);
    context.stdout.write(textTable(['DRILL', 'SCENARIO', 'STARTED'], rows));
  }
  return EXIT.done;
}

async function endDrills(context: CliContext, id: string | true): Promise<ExitCode> {
  const { listSandboxes, openSandbox } = await import('../../drill/sandbox.ts');
  const ids = id === true ? listSandboxes().map((record) => record.id) : [id];
  for (const each of ids) {
    await openSandbox(each).end();
    context.stdout.write(`ended ${each}\n`);
  }
  return EXIT.done;
}
