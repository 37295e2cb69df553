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
  return `${safeJson({ ...buildTranscript(incident, records, context), records }, 2)}\n`;
}
