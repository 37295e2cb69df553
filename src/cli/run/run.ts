import { basename } from 'node:path';
import { actions } from '../../actions/registry.ts';
import type { Host } from '../../host/host.ts';
import { parseInputValue } from '../../playbook/input-value.ts';
import type { JsonValue, Playbook } from '../../playbook/playbook.ts';
import { formatProblems } from '../../playbook/problem-text.ts';
import type { GivenKnowledge } from '../../runner/knowledge.ts';
import { type NewIncident, type OpenOptions, openIncident } from '../../runner/open-incident.ts';
import type { Runner } from '../../runner/runner.ts';
import { UserError } from '../../text/user-error.ts';
import { commandToType } from '../command-words.ts';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { loadPlaybook as loadPlaybookFile, playbookPath } from '../playbook/playbook-file.ts';
import { localHostname } from '../surroundings.ts';
import { type HostTransport, openHost } from './hosts.ts';
import { type KnowledgeOptions, readKnowledge } from './knowledge.ts';
import { checkPlatform } from './platform-check.ts';
import { type FrontKind, type FrontOptions, frontFor, walk } from './walk.ts';

export interface RunOptions extends FrontOptions, KnowledgeOptions {
  /** `name=value`, as typed. */
  readonly input?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** A command that starts an agent elsewhere, as argv. */
  readonly host?: readonly string[];
}

/** `tourniquet run [PLAYBOOK]` */
export async function runVerb(
  context: CliContext,
  name: string | undefined,
  options: RunOptions,
): Promise<ExitCode> {
  const loaded = await loadPlaybook(name ?? context.defaultPlaybook);
  const transport: HostTransport = options.host ? { kind: 'command', argv: options.host } : { kind: 'local' };
  // What was typed first: once there is a host, it has to be closed again before anything can end.
  const inputs = readInputs(loaded.playbook, options.input ?? []);
  const skip = leftOut(loaded.playbook, options);
  const knowledge = await readKnowledge(context, options);
  const host = await openHost(transport);
  const runner = await beginIncident(context, frontFor(context, options), {
    ...loaded,
    ...{ transport, host, inputs, skip, knowledge },
  });
  return walk(context, runner, options);
}

export interface Beginning extends Pick<NewIncident, 'playbook' | 'playbookText' | 'inputs' | 'skip'> {
  readonly transport: HostTransport;
  readonly host: Host;
  /** Left out: what is shipped and set. */
  readonly knowledge?: GivenKnowledge;
}

/** A new incident, its runner started. The host is closed if it could not be begun. */
export async function beginIncident(
  context: CliContext,
  front: FrontKind,
  beginning: Beginning,
): Promise<Runner> {
  const { host, transport, playbook, playbookText, inputs, skip } = beginning;
  try {
    await checkPlatform(playbook, host, transport);
    const knowledge = beginning.knowledge ?? (await readKnowledge(context, {}));
    const runner = await openIncident(openOptions(context, front, host, knowledge), {
      root: context.root,
      playbook,
      playbookText,
      inputs,
      transport: transport as JsonValue,
      skip,
    });
    return runner.start();
  } catch (error) {
    await host.close();
    throw error;
  }
}

export function openOptions(
  context: CliContext,
  front: FrontKind,
  host: Host,
  knowledge: GivenKnowledge,
): OpenOptions {
  const { responder, version, sampleMs } = context;
  return {
    host,
    actions,
    session: { responder, front, version },
    localHostname: localHostname(),
    sampleMs,
    knowledge,
    commandToType: (words) => commandToType(context, words),
  };
}

/** By path, or by the name of a shipped one. @throws UserError `bad-playbook` with every problem in it. */
export async function loadPlaybook(
  nameOrPath: string,
): Promise<{ readonly playbook: Playbook; readonly playbookText: string }> {
  const path = await playbookPath(nameOrPath);
  const { playbook, problems, text } = await loadPlaybookFile(path);
  if (playbook === null) {
    throw new UserError(
      'bad-playbook',
      `the playbook is wrong, and nothing was run.\n${formatProblems(problems, text, path)}`,
      {
        hint: `\`tourniquet playbook check ${basename(path)}\` says the same to an editor.`,
      },
    );
  }
  return { playbook, playbookText: text };
}

/** `name=value` pairs against the playbook's inputs. @throws UserError naming the input and what was expected. */
export function readInputs(playbook: Playbook, pairs: readonly string[]): Record<string, JsonValue> {
  const values: Record<string, JsonValue> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = at === -1 ? pair : pair.slice(0, at);
    const definition = Object.hasOwn(playbook.inputs, name) ? playbook.inputs[name] : undefined;
    if (at === -1 || definition === undefined) {
      throw new UserError(
        'bad-input',
        at === -1 ? `"${pair}" is not name=value.` : `The playbook has no input "${name}".`,
        {
          hint: `It has: ${Object.keys(playbook.inputs).join(', ') || 'none'}.`,
        },
      );
    }
    if (definition.isSecret) {
      throw new UserError(
        'secret-on-command-line',
        `"${name}" is secret: on a command line others could read it.`,
        {
          hint: 'It is asked for when the incident begins.',
        },
      );
    }
    const parsed = parseInputValue(definition, pair.slice(at + 1));
    if ('problem' in parsed) throw new UserError('bad-input', `--input ${name}: ${parsed.problem}`);
    values[name] = parsed.value;
  }
  return values;
}

/** Steps that the options leave out, with the reason. @throws UserError for a step that is not there. */
export function leftOut(playbook: Playbook, options: RunOptions): NewIncident['skip'] {
  const known = new Set(playbook.steps.map((step) => step.id));
  for (const id of [...(options.only ?? []), ...(options.skip ?? [])]) {
    if (!known.has(id)) {
      throw new UserError('no-such-step', `The playbook has no step "${id}".`, {
        hint: `It has: ${[...known].join(', ')}.`,
      });
    }
  }
  return playbook.steps.flatMap((step) => {
    if (options.skip?.includes(step.id)) return [{ stepId: step.id, reason: 'left out with --skip' }];
    if (options.only && !options.only.includes(step.id))
      return [{ stepId: step.id, reason: 'not named with --only' }];
    return [];
  });
}
