import type { ActionCatalogue } from './catalogue.ts';
import { checkActions } from './check-actions.ts';
import { checkExpressions, conditionText } from './check-expressions.ts';
import { checkInputs, definitionOf } from './check-inputs.ts';
import { checkSteps } from './check-steps.ts';
import { parseDuration } from './duration.ts';
import type { JsonValue, Playbook, PlaybookCommand, Problem, Step } from './playbook.ts';
import { get, mapOf } from './raw.ts';
import { NAME_PATTERN, type PlaybookFile, playbookSchema, type StepFile } from './schema.ts';
import { faultsOfIssues } from './schema-faults.ts';
import { readSource, type Source } from './source.ts';

/** Commands end by themselves sooner than the work of actions, which may install packages. */
const RUN_TIMEOUT_MS = 10 * 60_000;
const ACTION_TIMEOUT_MS = 60 * 60_000;

/**
 * A playbook from its YAML text, or everything that is wrong with it, in the order of the file. The playbook is
 * null as soon as one problem is an error; warnings leave it. `file` is where the text was read from.
 */
export function parsePlaybook(
  text: string,
  file: string,
  catalogue: ActionCatalogue,
): { readonly playbook: Playbook | null; readonly problems: readonly Problem[] } {
  const source = readSource(text);
  const { value, places, problems } = source;
  if (value === undefined) return { playbook: null, problems: problems.all() };
  const result = playbookSchema.safeParse(value);
  if (!result.success) {
    const faults = faultsOfIssues(result.error.issues, { value, path: [], places, schema: playbookSchema });
    for (const fault of faults) problems.add(fault);
  }
  checkName(source, value, file);
  checkInputs(source, value);
  checkSteps(source, value);
  checkActions(source, value, catalogue);
  checkExpressions(source, value);
  const playbook = result.success && !problems.hasErrors ? build(result.data, value, source) : null;
  return { playbook, problems: problems.all() };
}

/** A playbook is started by the name of its file. */
function checkName(source: Source, value: JsonValue, file: string): void {
  const name = get(mapOf(value), 'name');
  const [, stem] = /([^/]+)\.ya?ml$/.exec(file) ?? [];
  if (stem === undefined || typeof name !== 'string' || name === stem || !NAME_PATTERN.test(name)) return;
  source.problems.add({
    code: 'wrong-value',
    severity: 'warning',
    message: `the playbook is called "${name}", and its file "${stem}"`,
    hint: 'give both one name: lists show the one, `tourniquet run` looks for the other',
    at: source.places.valueAt(['name']),
  });
}

function build(file: PlaybookFile, value: JsonValue, source: Source): Playbook {
  const inputs = Object.entries(mapOf(get(mapOf(value), 'inputs'))).flatMap(([name, input]) => {
    const definition = definitionOf(mapOf(input));
    return definition === null ? [] : [[name, definition] as const];
  });
  return {
    name: file.name,
    title: file.title.trim(),
    summary: file.summary.trim(),
    platform: file.platform,
    ...(file.provider === undefined ? {} : { provider: file.provider }),
    inputs: Object.fromEntries(inputs),
    env: file.env,
    steps: file.steps.map((step, index) =>
      buildStep(step, source.problems.lineOf(source.places.valueAt(['steps', index])[0])),
    ),
  };
}

function buildStep(step: StepFile, line: number): Step {
  const uses = step.uses ?? (step.run === undefined ? 'manual' : 'run');
  return {
    id: step.id,
    title: step.name.trim(),
    why: step.why.trim(),
    attack: step.attack,
    uses,
    // It came out of `readSource`, which gives nothing but JSON.
    with: (step.with ?? {}) as Step['with'],
    run: commandOf(step.run),
    verify: commandOf(step.verify),
    undo: commandOf(step.undo),
    env: step.env ?? {},
    manual:
      step.manual === undefined
        ? null
        : { instructions: step.manual.do.map((one) => one.trim()), record: step.manual.record },
    ...(step.on === 'responder' ? { on: 'responder' as const } : {}),
    ...(step['by-hand'] === undefined ? {} : { byHand: byHandOf(step['by-hand']) }),
    if: step.if === undefined ? null : conditionText(String(step.if)),
    needs: [step.needs].flat(),
    needsEvidenceFrom: [step['needs-evidence-from']].flat(),
    timeoutMs: timeoutOf(step.timeout) ?? (uses === 'run' ? RUN_TIMEOUT_MS : ACTION_TIMEOUT_MS),
    retries: step.retries,
    onFailure: step['on-failure'],
    risk: step.risk ?? null,
    line,
  };
}

function byHandOf({ unless, do: list, record }: NonNullable<StepFile['by-hand']>) {
  return { unless, instructions: list.map((one) => one.trim()), record };
}

function commandOf(command: string | readonly string[] | undefined): PlaybookCommand | null {
  if (command === undefined) return null;
  return typeof command === 'string' ? { shell: command } : { argv: command };
}

function timeoutOf(text: string | undefined): number | null {
  const parsed = text === undefined ? null : parseDuration(text);
  return parsed !== null && 'value' in parsed ? parsed.value : null;
}
