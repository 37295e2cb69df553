import type { JournalRecord } from '../../engine/event.ts';
import type { Incident } from '../../engine/incident.ts';
import { fold } from '../../engine/reduce.ts';
import type { IncidentFolder } from '../../journal/folder.ts';
import { readMapping, writeMapping } from '../../journal/name-mapping.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { readOutputPart } from '../../runner/output-part.ts';
import type { OutputExcerpt } from '../../transcript/excerpt.ts';
import type { Redaction } from '../../transcript/names-in.ts';
import type { TranscriptContext } from '../../transcript/transcript.ts';
import type { TranscriptFormat } from './transcript-formats.ts';

/** How much of the beginning and of the end of each output stands in a transcript; less where there are many. */
const MOST_EXCERPT_BYTES = 4096;
/** So much of all of them together: a page of it stays one that a browser opens. */
const ALL_EXCERPTS_BYTES = 2_500_000;

/**
 * The whole transcript, from the journal and the stored outputs alone. With `redactions` the names behind the
 * placeholders are kept in `mapping` (default: the incident folder), a file that only its owner can read, and
 * nothing is linked: the files hold the names.
 */
export async function transcriptPieces(
  folder: IncidentFolder,
  format: TranscriptFormat,
  redactions: readonly Redaction[] = [],
  mapping = folder.names,
  outputHref?: (name: string) => string,
): Promise<Iterable<string>> {
  const { records, head, altered } = await readJournal(folder.journal);
  const incident = fold(records);
  const excerpts = await excerptsOf(folder, incident);
  const render = await rendererOf(format);
  const context = { journalHead: head, altered };
  if (redactions.length === 0)
    return render(incident, records, { ...context, excerpts, ...(outputHref && { outputHref }) });
  const { redactNames } = await import('../../transcript/redact-names.ts');
  const before = await readMapping(mapping);
  const redacted = redactNames(incident, records, excerpts, redactions, before);
  await writeMapping(mapping, redacted.mapping);
  return render(fold(redacted.records), redacted.records, {
    ...context,
    excerpts: redacted.excerpts,
    redacted: redactions,
  });
}

/** The same as one text. */
export async function transcriptText(
  folder: IncidentFolder,
  format: TranscriptFormat,
  outputHref?: (name: string) => string,
): Promise<string> {
  return [...(await transcriptPieces(folder, format, [], folder.names, outputHref))].join('');
}

async function excerptsOf(folder: IncidentFolder, incident: Incident): Promise<Map<string, OutputExcerpt>> {
  const excerpts = new Map<string, OutputExcerpt>();
  const ids = incident.steps.flatMap((step) =>
    step.operations.flatMap(({ operation, output }) => (output === null ? [] : [operation.id])),
  );
  const each = Math.min(MOST_EXCERPT_BYTES, Math.floor(ALL_EXCERPTS_BYTES / 2 / ids.length));
  for (const id of ids) {
    const start = await readOutputPart(folder, id, 0, each);
    const from = Math.max(start.bytes.length, start.totalBytes - each);
    const end = await readOutputPart(folder, id, from, each);
    excerpts.set(id, { head: start.bytes, tail: end.bytes, totalBytes: start.totalBytes });
  }
  return excerpts;
}

type Parts = readonly [Incident, readonly JournalRecord[], TranscriptContext];
type Renderer = (...parts: Parts) => Iterable<string>;

async function rendererOf(format: TranscriptFormat): Promise<Renderer> {
  switch (format) {
    case 'md':
      return whole((await import('../../transcript/markdown.ts')).renderMarkdown);
    case 'html':
      return whole((await import('../../transcript/html.ts')).renderHtml);
    case 'csv':
      return whole((await import('../../transcript/csv.ts')).renderCsv);
    case 'timesketch':
      return whole((await import('../../transcript/timesketch.ts')).renderTimesketch);
    case 'stix':
      return (await import('../../transcript/stix.ts')).stixPieces;
    case 'asciicast':
      return whole((await import('../../transcript/asciicast.ts')).renderAsciicast);
    case 'hashes':
      return whole((await import('../../transcript/hash-lists.ts')).renderHashes);
    case 'yara':
      return whole((await import('../../transcript/hash-lists.ts')).renderYara);
    case 'sigma':
      return whole((await import('../../transcript/hash-lists.ts')).renderSigma);
    case 'json':
      return (await import('../../transcript/json.ts')).jsonPieces;
  }
}

function whole(render: (...parts: Parts) => string): Renderer {
  return (...parts) => [render(...parts)];
}
