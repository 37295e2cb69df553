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

/** The same in pieces, so that a document of fifty megabytes is never held as a whole. */
export function* jsonPieces(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): Generator<string> {
  const members = Object.entries({ ...buildTranscript(incident, records, context), records });
  yield '{\n';
  for (const [index, [name, value]] of members.entries()) {
    yield `  ${JSON.stringify(name)}: `;
    if (Array.isArray(value) && value.length > 0) yield* listPieces(value);
    else yield nested(safeJson(value, 2), '  ');
    yield index === members.length - 1 ? '\n' : ',\n';
  }
  yield '}\n';
}

function* listPieces(list: readonly unknown[]): Generator<string> {
  yield '[\n';
  for (const [index, item] of list.entries())
    yield `    ${nested(safeJson(item, 2), '    ')}${index === list.length - 1 ? '\n' : ',\n'}`;
  yield '  ]';
}

/** Strings in JSON hold no line ends of their own. */
function nested(json: string, indent: string): string {
  return json.replaceAll('\n', `\n${indent}`);
}
