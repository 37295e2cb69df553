import { didYouMean } from './nearest.ts';
import type { JsonValue } from './playbook.ts';
import { get, listOf, mapOf, oneOrMany } from './raw.ts';
import type { Source } from './source.ts';

interface Reference {
  /** Index of the step that refers, and its id. */
  readonly from: number;
  readonly to: string;
  readonly path: readonly (string | number)[];
  readonly key: 'needs' | 'needs-evidence-from';
}

/** Ids are unique, and `needs` and `needs-evidence-from` lead to steps that come before. */
export function checkSteps(source: Source, file: JsonValue): void {
  const steps = listOf(get(mapOf(file), 'steps')).map(mapOf);
  const indexOf = new Map<string, number>();
  for (const [index, step] of steps.entries()) {
    const id = get(step, 'id');
    if (typeof id !== 'string') continue;
    const first = indexOf.get(id);
    if (first === undefined) {
      indexOf.set(id, index);
      continue;
    }
    const line = source.problems.lineOf(source.places.valueAt(['steps', first, 'id'])[0]);
    source.problems.add({
      code: 'duplicate-step',
      message: `the id "${id}" is taken by the step on line ${line}`,
      hint: 'give this step an id of its own',
      at: source.places.valueAt(['steps', index, 'id']),
    });
  }
  const references = steps.flatMap((step, index) => referencesOf(step, index));
  const circular = reportCircles(source, references, indexOf, steps.length);
  for (const reference of references) checkReference(source, reference, indexOf, circular);
}

function referencesOf(step: Readonly<Record<string, JsonValue>>, from: number): Reference[] {
  return (['needs', 'needs-evidence-from'] as const).flatMap((key) => {
    const value = get(step, key);
    return oneOrMany(value).flatMap((to, item) => {
      const path = ['steps', from, key, ...(Array.isArray(value) ? [item] : [])];
      return typeof to === 'string' ? [{ from, to, path, key }] : [];
    });
  });
}

function checkReference(
  source: Source,
  reference: Reference,
  indexOf: ReadonlyMap<string, number>,
  circular: ReadonlySet<Reference>,
): void {
  const at = source.places.valueAt(reference.path);
  const target = indexOf.get(reference.to);
  if (target === undefined) {
    source.problems.add({
      code: 'unknown-step',
      message: `${reference.key}: there is no step "${reference.to}"`,
      hint: didYouMean(reference.to, [...indexOf.keys()], 'there are'),
      at,
    });
  } else if (target >= reference.from && !circular.has(reference)) {
    const isSelf = target === reference.from;
    source.problems.add({
      code: 'wrong-value',
      message: `${reference.key}: "${reference.to}" ${isSelf ? 'is this step itself' : 'comes later'}`,
      hint: isSelf ? 'leave it out' : 'steps run in the order of the file: move it up',
      at,
    });
  }
}

/** Names each circle of `needs` once, where it closes; returns all references that are part of one. */
function reportCircles(
  source: Source,
  references: readonly Reference[],
  indexOf: ReadonlyMap<string, number>,
  count: number,
): ReadonlySet<Reference> {
  const needs = Array.from({ length: count }, (): Reference[] => []);
  for (const reference of references) if (reference.key === 'needs') needs[reference.from]?.push(reference);
  const circular = new Set<Reference>();
  const finished = new Set<number>();
  for (let start = 0; start < count; start += 1) {
    // Depth first with the way kept as a list: a chain of needs may be longer than the call stack.
    const way: { index: number; next: number; via: Reference | null }[] = [
      { index: start, next: 0, via: null },
    ];
    const onWay = new Map([[start, 0]]);
    while (way.length > 0 && !finished.has(start)) {
      const here = way.at(-1);
      if (here === undefined) break;
      const reference = needs[here.index]?.[here.next];
      here.next += 1;
      const target = reference === undefined ? undefined : indexOf.get(reference.to);
      if (reference === undefined) {
        way.pop();
        onWay.delete(here.index);
        finished.add(here.index);
      } else if (target !== undefined && onWay.has(target)) {
        const circle = [
          ...way.slice((onWay.get(target) ?? 0) + 1).flatMap(({ via }) => via ?? []),
          reference,
        ];
        for (const part of circle) circular.add(part);
        reportCircle(source, circle);
      } else if (target !== undefined && !finished.has(target)) {
        way.push({ index: target, next: 0, via: reference });
        onWay.set(target, way.length - 1);
      }
    }
  }
  return circular;
}

function reportCircle(source: Source, circle: readonly Reference[]): void {
  const last = circle.at(-1);
  if (last === undefined) return;
  const ids = [last.to, ...circle.map((reference) => reference.to)];
  const isSelf = circle.length === 1;
  source.problems.add({
    code: 'circular-needs',
    message: isSelf
      ? `step "${last.to}" needs itself`
      : `these steps wait for each other: ${ids.join(' needs ')}`,
    hint: isSelf ? 'leave it out' : 'take one of these needs away',
    at: source.places.valueAt(last.path),
  });
}
