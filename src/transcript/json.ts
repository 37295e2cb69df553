import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { safeJson } from '../text/json.ts';
import { buildTranscript } from './build-transcript.ts';
import type { TranscriptContext } from './transcript.ts';

/**
 * The transcript as one JSON document: the report's data, then every record of the journal. Secrets are
 * redacted in it, so the journal itself, not this, is what the chain of hashes is checked on.
 * ASCII only; same input, same bytes.
 */
export function renderJson(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): string {
  return [...jsonPieces(incident, records, context)].join('');
}

/**
 * The same in pieces, so that a document of tens of megabytes is never held as a whole. A finding, an operation, a
 * short record is a line of its own: two transcripts can be compared by lines, and nothing is spent on indents.
 */
export function* jsonPieces(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): Generator<string> {
  const transcript: object = { ...buildTranscript(incident, records, context), records };
  const known = new WeakMap<object, string>();
  yield '{\n';
  let isFirst = true;
  for (const [name, value] of Object.entries(transcript)) {
    yield `${isFirst ? '' : ',\n'}  ${JSON.stringify(name)}: `;
    isFirst = false;
    yield* pieces(value, '  ', LONG.has(name) ? 2 : 1, known);
  }
  yield '\n}\n';
}

/** Lists whose items hold lists that are long themselves. */
const LONG: ReadonlySet<string> = new Set(['steps', 'records']);

/** `lists`: in how many lists within each other each item begins a line. `known`: a finding is told more than once. */
function* pieces(
  value: unknown,
  indent: string,
  lists: number,
  known: WeakMap<object, string>,
): Generator<string> {
  if (!isObject(value)) {
    yield safeJson(value);
  } else if (lists === 0 || !holdsList(value)) {
    const before = known.get(value) ?? safeJson(value);
    known.set(value, before);
    yield before;
  } else {
    const inner = `${indent}  `;
    const isList = Array.isArray(value);
    let lead = isList ? '[\n' : '{\n';
    for (const [name, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${lead}${inner}`;
      lead = ',\n';
      if (isList) yield* pieces(item, inner, lists - 1, known);
      // With its name, as a secret is known by that.
      else if (!isObject(item)) yield safeJson({ [name]: item }).slice(1, -1);
      else {
        yield `${JSON.stringify(name)}: `;
        yield* pieces(item, inner, lists, known);
      }
    }
    yield `\n${indent}${isList ? ']' : '}'}`;
  }
}

/** Whether there is a list of objects in it: what is worth several lines. */
function holdsList(value: object): boolean {
  const items: unknown[] = Object.values(value);
  if (Array.isArray(value)) return items.some(isObject);
  return items.some((item) => isObject(item) && holdsList(item));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
