import { shellQuote } from '../operations/shell-quote.ts';
import type { JsonValue, Playbook, PlaybookCommand, Step } from '../playbook/playbook.ts';
import { playbookFile, stepFile } from '../playbook/write-playbook.ts';
import { uuidV5 } from '../text/uuid-v5.ts';
import { AUTHOR, EXTENSION, EXTENSION_DEFINITION } from './extension.ts';

type JsonMap = { readonly [key: string]: JsonValue };

/** The namespace of this program's own (10.10: others than the standard's own rules use another). */
const NAMESPACE = 'c7a3f2f4-6a56-5f0b-9d3e-2b0f4be7f9a6';
/** Of the format, not of the playbook: a file has no times of its own that could be trusted. */
const CREATED = '2026-01-01T00:00:00.000Z';

const TYPES: Readonly<Record<string, string>> = {
  integer: 'integer',
  pid: 'integer',
  boolean: 'bool',
  string: 'string',
};

/** What an action does, in the words of `playbook-activity-type-ov` (3.1.2), where it has one for it. */
const ACTIVITIES: Readonly<Record<string, string>> = {
  triage: 'scan-system',
  watch: 'scan-system',
  isolate: 'disconnect-system',
  'block-c2': 'restrict-access',
  'reset-keys': 'restrict-access',
  'kill-process': 'eliminate-risk',
  'purge-persistence': 'eliminate-risk',
  patch: 'configure-systems',
  'rebuild-or-release': 'restore-capabilities',
};

/**
 * A playbook of ours as CACAO 2.0: one action after another, `run` as bash, what is ours as a manual command that
 * says what it does. Conditions stand in descriptions. Each step also holds itself in an extension, so that
 * importing gives the same playbook. Same input, same bytes.
 */
export function exportCacao(playbook: Playbook): JsonMap {
  const id = (type: string, name: string) => `${type}--${uuidV4Like(`${playbook.name} ${type} ${name}`)}`;
  const { steps: _, ...own } = playbookFile(playbook);
  const [host, responder] = [id('linux', 'host'), id('individual', 'responder')];
  const actions = playbook.steps.map((step) => id('action', step.id));
  const activities = [...new Set(playbook.steps.flatMap(({ uses }) => ACTIVITIES[uses] ?? []))];
  const end = id('end', 'end');
  const start = id('start', 'start');
  const workflow: Record<string, JsonValue> = {
    [start]: { type: 'start', on_completion: actions[0] ?? end },
    ...Object.fromEntries(
      playbook.steps.map((step, index) => [
        actions[index] ?? '',
        action(step, actions[index + 1] ?? end, step.run === null ? responder : host),
      ]),
    ),
    [end]: { type: 'end' },
  };
  const variables = Object.entries(playbook.inputs).map(([name, input]) => [
    variableName(name),
    {
      type: input.isList ? 'string' : (TYPES[input.type] ?? 'string'),
      ...(input.description === '' ? {} : { description: input.description }),
      value:
        input.default === null
          ? null
          : typeof input.default === 'string'
            ? input.default
            : JSON.stringify(input.default),
      external: true,
    },
  ]);
  return {
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: `playbook--${uuidV5(NAMESPACE, playbook.name)}`,
    name: playbook.title,
    ...(playbook.summary === '' ? {} : { description: playbook.summary }),
    // Whoever names types must name activities, and each that is named must be done by a step (3.1).
    ...(activities.length === 0
      ? {}
      : { playbook_types: ['investigation', 'remediation'], playbook_activities: activities }),
    created_by: AUTHOR,
    created: CREATED,
    modified: CREATED,
    ...(variables.length === 0 ? {} : { playbook_variables: Object.fromEntries(variables) }),
    workflow_start: start,
    workflow,
    playbook_extensions: { [EXTENSION]: { playbook: own } },
    agent_definitions: {
      [host]: { type: 'linux', name: 'the host responded to', address: { dname: ['localhost'] } },
      [responder]: { type: 'individual', name: 'the responder' },
    },
    extension_definitions: { [EXTENSION]: EXTENSION_DEFINITION },
  };
}

function action(step: Step, next: string, agent: string): JsonMap {
  const condition = step.if === null ? '' : `Only if: ${step.if}`;
  return {
    type: 'action',
    name: step.title,
    description: [step.why, condition].filter((part) => part !== '').join('\n') || step.title,
    timeout: step.timeoutMs,
    on_completion: next,
    commands: [{ ...command(step), ...activityOf(step) }],
    agent,
    step_extensions: { [EXTENSION]: { step: stepFile(step) } },
  };
}

function activityOf({ uses }: Step): JsonMap {
  const activity = ACTIVITIES[uses];
  return activity === undefined ? {} : { playbook_activity: activity };
}

function command(step: Step): JsonMap {
  if (step.run !== null) return { type: 'bash', command: withEnvironment(step, step.run) };
  if (step.manual !== null) return { type: 'manual', command: step.manual.instructions.join('\n') };
  const parameters = Object.entries(step.with).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return {
    type: 'manual',
    command: [`Do what the action ${step.uses} of tourniquet does.`, ...parameters].join('\n'),
  };
}

/** Values that are one input are CACAO variables; what else there is to work out stands as it was written. */
function withEnvironment({ env }: Step, run: PlaybookCommand): string {
  const set = Object.entries(env).map(
    ([name, value]) => `export ${name}="${referenced(value).replace(/["\\`]/g, '\\$&')}"`,
  );
  return [
    ...set,
    'shell' in run ? run.shell : run.argv.map((word) => shellQuote(referenced(word))).join(' '),
  ].join('\n');
}

function referenced(text: string): string {
  return text.replace(
    /\$\{\{\s*inputs\.([a-z][a-z0-9-]*)\s*\}\}/g,
    (_, name: string) => `${variableName(name)}:value`,
  );
}

function variableName(input: string): string {
  return `__${input.replaceAll('-', '_')}__`;
}

/** 10.10 wants version 4 for steps. From the name, so that the same playbook is the same bytes. */
function uuidV4Like(name: string): string {
  return uuidV5(NAMESPACE, name).replace(/^(.{14})5/, '$14');
}
