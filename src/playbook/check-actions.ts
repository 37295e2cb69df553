import type { ActionCatalogue } from './catalogue.ts';
import { didYouMean } from './nearest.ts';
import type { JsonValue } from './playbook.ts';
import { get, listOf, mapOf, type RawMap } from './raw.ts';
import { faultsOfIssues } from './schema-faults.ts';
import type { Source } from './source.ts';
import { OPENING } from './template.ts';

const KINDS = ['uses', 'run', 'manual'] as const;
/** Only beside `run:`; actions bring checks and undoing of their own. */
const ONLY_WITH_RUN = ['verify', 'undo', 'env', 'on', 'by-hand'] as const;

/** Each step is of exactly one kind, its action is known, and the action's parameters fit. */
export function checkActions(source: Source, file: JsonValue, catalogue: ActionCatalogue): void {
  for (const [index, value] of listOf(get(mapOf(file), 'steps')).entries()) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    const step = mapOf(value);
    checkKind(source, step, index);
    if (Object.hasOwn(step, 'uses')) checkUses(source, step, index, catalogue);
    if (Object.hasOwn(step, 'run')) warnOfBareDestruction(source, step, index);
  }
}

function checkKind(source: Source, step: RawMap, index: number): void {
  const present = KINDS.filter((key) => Object.hasOwn(step, key));
  const [kind, ...others] = present;
  if (kind === undefined) {
    source.problems.add({
      code: 'missing-key',
      message: 'the step does nothing: one of "uses", "run" and "manual" is missing',
      hint: 'uses: an action, run: a command, manual: what a person does',
      at: source.places.keyAt(['steps', index, Object.hasOwn(step, 'id') ? 'id' : '']),
    });
    return;
  }
  const conflict = (key: string, message: string, hint: string) =>
    source.problems.add({
      code: 'conflicting-keys',
      message,
      hint,
      at: source.places.keyAt(['steps', index, key]),
    });
  for (const other of others) {
    conflict(other, `"${other}" beside "${kind}": a step is one or the other`, 'make two steps of it');
  }
  if (Object.hasOwn(step, 'with') && !present.includes('uses')) {
    conflict(
      'with',
      `"with" beside "${kind}": only actions have parameters`,
      'a command gets its values through "env"',
    );
  }
  for (const key of ONLY_WITH_RUN) {
    if (!Object.hasOwn(step, key) || present.includes('run')) continue;
    const why =
      kind === 'uses' && key !== 'env' && key !== 'on'
        ? 'an action brings its own'
        : 'only commands have that';
    conflict(key, `"${key}" beside "${kind}": ${why}`, 'leave it out, or make a "run" step of it');
  }
}

function checkUses(source: Source, step: RawMap, index: number, catalogue: ActionCatalogue): void {
  const uses = get(step, 'uses');
  if (typeof uses !== 'string') return;
  const at = source.places.valueAt(['steps', index, 'uses']);
  if (uses === 'run' || uses === 'manual') {
    source.problems.add({
      code: 'conflicting-keys',
      message: `"uses: ${uses}" is written as "${uses}:" with what is to be done behind it`,
      hint: uses === 'run' ? 'run: a command' : 'manual: { do: [ … ] }',
      at,
    });
    return;
  }
  const action = catalogue.get(uses);
  if (action === undefined) {
    const names = [...catalogue.keys()].filter((name) => name !== 'run' && name !== 'manual');
    source.problems.add({
      code: 'unknown-action',
      message: `there is no action "${uses}"`,
      hint: didYouMean(uses, names, 'there are'),
      at,
    });
    return;
  }
  const given = get(step, 'with');
  if (given !== undefined && given !== null && (typeof given !== 'object' || Array.isArray(given))) return;
  const value = mapOf(given);
  const result = action.parameters.safeParse(value);
  if (result.success) return;
  // What an expression will give is known when the step is planned, and checked then.
  const issues = result.error.issues.filter((issue) => !leadsToTemplate(value, issue.path, issue.code));
  const hasWith = Object.hasOwn(step, 'with');
  const faults = faultsOfIssues(issues, {
    value,
    path: ['steps', index, 'with'],
    places: source.places,
    schema: action.parameters,
    code: 'bad-parameter',
  });
  for (const fault of faults) {
    const message = `${uses}: ${fault.message}`;
    source.problems.add(hasWith ? { ...fault, message } : { ...fault, message, at });
  }
}

/** Whether the value that an issue is about holds a `${{`; for a union, anywhere within. */
function leadsToTemplate(value: JsonValue, path: readonly PropertyKey[], code: string | undefined): boolean {
  let current: JsonValue | undefined = value;
  for (const part of path) {
    if (typeof current === 'string') break;
    if (typeof current !== 'object' || current === null) return false;
    current = (current as RawMap)[String(part)];
  }
  if (typeof current === 'string') return current.includes(OPENING);
  return code === 'invalid_union' && current !== undefined && JSON.stringify(current).includes(OPENING);
}

function warnOfBareDestruction(source: Source, step: RawMap, index: number): void {
  if (get(step, 'risk') !== 'irreversible' || Object.hasOwn(step, 'needs-evidence-from')) return;
  source.problems.add({
    code: 'missing-key',
    severity: 'warning',
    message: 'a command that cannot be undone runs without evidence being kept first',
    hint: 'name the step that keeps it: needs-evidence-from: snapshot',
    at: source.places.valueAt(['steps', index, 'risk']),
  });
}
