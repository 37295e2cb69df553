import type { z } from 'zod';
import type { Path } from './places.ts';
import type { JsonValue, Problem } from './playbook.ts';
import { faultsOfIssues } from './schema-faults.ts';
import { type FileKind, readSource } from './source.ts';

export interface ParsedData<T> {
  /** null as soon as one problem is an error. */
  readonly data: T | null;
  readonly problems: readonly Problem[];
}

/** Something the schema cannot say, with the place in the file that it is about. */
export interface Complaint {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | null;
}

/**
 * A YAML file with a schema of its own, as strict as a playbook: everything that is wrong with it, in the order of the
 * file. `complain` is asked what else is wrong once the schema is content.
 */
export function parseData<S extends z.ZodType>(
  text: string,
  schema: S,
  kind: FileKind,
  complain: (data: z.output<S>) => readonly Complaint[] = () => [],
): ParsedData<z.output<S>> {
  const { value, places, problems } = readSource(text, kind);
  if (value === undefined) return { data: null, problems: problems.all() };
  const result = schema.safeParse(value as JsonValue);
  if (!result.success) {
    const checked = { value, path: [], places, schema, what: kind.article };
    for (const fault of faultsOfIssues(result.error.issues, checked)) problems.add(fault);
  } else {
    for (const { path, message, hint = null } of complain(result.data))
      problems.add({ code: 'wrong-value', message, hint, at: places.valueAt(path) });
  }
  return { data: result.success && !problems.hasErrors ? result.data : null, problems: problems.all() };
}
