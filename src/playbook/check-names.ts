import { SCOPE_ROOTS, type ScopeRoot } from './cel.ts';
import { HOST_NAMES, INCIDENT_NAMES, plainName, STEP_FIELDS, type UsedName } from './expression-names.ts';
import { didYouMean } from './nearest.ts';
import type { Span } from './places.ts';
import { get, listOf, mapOf, type RawMap } from './raw.ts';
import type { Source } from './source.ts';

/** Whether the names in expressions are those of the playbook's inputs and steps, and of what the host offers. */
export class NameChecker {
  private readonly source: Source;
  private readonly known: Readonly<Record<ScopeRoot, readonly string[]>>;
  private readonly secrets: ReadonlySet<string>;

  constructor(source: Source, file: RawMap) {
    const inputs = mapOf(get(file, 'inputs'));
    const ids = listOf(get(file, 'steps')).map((step) => get(mapOf(step), 'id'));
    this.source = source;
    this.known = {
      inputs: Object.keys(inputs),
      steps: ids.filter((id) => typeof id === 'string'),
      host: HOST_NAMES,
      incident: INCIDENT_NAMES,
    };
    const isSecret = (name: string) => get(mapOf(get(inputs, name)), 'secret') === true;
    this.secrets = new Set(Object.keys(inputs).filter(isSecret).map(plainName));
  }

  check(used: UsedName, at: Span, maySecret: boolean): void {
    const { root, name, field } = used;
    if (name === null) {
      const names = `write which one: ${root}.${this.known[root][0] ?? 'name'}`;
      this.add(
        'bad-expression',
        `"${root}" as a whole, or by a name that is worked out, cannot be checked`,
        names,
        at,
      );
    } else if (field !== null) {
      if (STEP_FIELDS.some((known) => known === field)) return;
      this.add('unknown-name', `a step has no "${field}"`, didYouMean(field, STEP_FIELDS, 'it has'), at);
    } else if (!this.known[root].some((known) => plainName(known) === name)) {
      this.notThere(root, name.replaceAll('_', '-'), at);
    } else if (root === 'inputs' && this.secrets.has(name) && !maySecret) {
      this.add(
        'secret-in-clear',
        `"${name.replaceAll('_', '-')}" is secret, and would be shown and recorded here`,
        'only env may hold a secret: put it there, and use the variable in the command',
        at,
      );
    }
  }

  private notThere(root: ScopeRoot, name: string, at: Span): void {
    const known = this.known[root];
    // `inputs.count-1`: the dash was meant as a minus.
    const stem = known.find((candidate) => name.startsWith(`${candidate}-`));
    const hint =
      stem === undefined
        ? (didYouMean(name, known, 'there are') ?? (root === 'inputs' ? 'declare it under inputs:' : null))
        : `a dash belongs to the name; for a minus write spaces: ${root}.${stem} - …`;
    const what = { inputs: 'no input', steps: 'no step', host: 'nothing', incident: 'nothing' }[root];
    const of = root === 'host' || root === 'incident' ? ` in "${root}"` : '';
    this.add('unknown-name', `there is ${what} "${name}"${of}`, hint, at);
  }

  /** A name that stands alone and is none of the roots. */
  unknown(name: string, at: Span): void {
    const root = (['inputs', 'steps'] as const).find((candidate) =>
      this.known[candidate].some((known) => plainName(known).split('_')[0] === name || known === name),
    );
    const full = root === undefined ? undefined : this.known[root].find((known) => known === name);
    const hint =
      full === undefined ? didYouMean(name, SCOPE_ROOTS, 'there are') : `did you mean ${root}.${full}?`;
    this.add('unknown-name', `there is no "${name}"`, hint ?? 'a text stands in quotes', at);
  }

  private add(
    code: 'bad-expression' | 'unknown-name' | 'secret-in-clear',
    message: string,
    hint: string | null,
    at: Span,
  ): void {
    this.source.problems.add({ code, message, hint, at });
  }
}
