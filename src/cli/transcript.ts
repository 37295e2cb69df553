import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { fold } from '../engine/reduce.ts';
import { findIncidentFolder, type IncidentFolder } from '../journal/folder.ts';
import { readMapping, writeMapping } from '../journal/name-mapping.ts';
import { readJournal } from '../journal/read-journal.ts';
import { readOutputPart } from '../runner/output-part.ts';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import type { OutputExcerpt } from '../transcript/excerpt.ts';
import { REDACTIONS, type Redaction } from '../transcript/names-in.ts';
import type { TranscriptContext } from '../transcript/transcript.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { TranscriptFormat } from './transcript-formats.ts';

export interface TranscriptOptions {
  readonly format: TranscriptFormat;
  readonly output?: string;
  /** Names to be replaced by placeholders, or `all`. */
  readonly redact?: readonly string[];
  /** Where the names behind the placeholders are kept, if not in the incident folder. */
  readonly mapping?: string;
  /** Not a transcript, but what the JSON one looks like. */
  readonly schema?: boolean;
}

/** `tourniquet transcript INCIDENT`: to standard output, or to a file that only its owner can read. */
export async function transcriptVerb(
  context: CliContext,
  name: string | undefined,
  options: TranscriptOptions,
): Promise<ExitCode> {
  const text =
    options.schema === true
      ? await schemaText()
      : await transcriptText(
          await findIncidentFolder(context.root, needed(name)),
          options.format,
          redactionsOf(options.redact ?? []),
          options.mapping,
        );
  if (options.output === undefined || options.output === '-') {
    context.stdout.write(text);
  } else {
    await writeFile(options.output, text, { mode: 0o600 });
    context.stderr.write(`${resolve(options.output)}\n`);
  }
  return EXIT.done;
}

function needed(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new UserError('usage', 'Which incident is not said.', {
    hint: '`tourniquet incidents` lists them; then `tourniquet transcript INCIDENT`.',
  });
}

async function schemaText(): Promise<string> {
  const { transcriptJsonSchema } = await import('../transcript/json-schema.ts');
  return `${JSON.stringify(transcriptJsonSchema(), null, 2)}\n`;
}

/** How much of the beginning and of the end of each output stands in a transcript. */
const EXCERPT_BYTES = 4096;

/**
 * The whole transcript, from the journal and the stored outputs alone. With `redactions` the names behind the
 * placeholders are kept in `mapping` (default: the incident folder), a file that only its owner can read.
 */
export async function transcriptText(
  folder: IncidentFolder,
  format: TranscriptFormat,
  redactions: readonly Redaction[] = [],
  mapping = folder.names,
): Promise<string> {
  const { records, head, altered } = await readJournal(folder.journal);
  const incident = fold(records);
  const excerpts = await excerptsOf(folder, incident);
  const render = await rendererOf(format);
  const context = { journalHead: head, altered };
  if (redactions.length === 0) return render(incident, records, { ...context, excerpts });
  const { redactNames } = await import('../transcript/redact-names.ts');
  const before = await readMapping(mapping);
  const redacted = redactNames(incident, records, excerpts, redactions, before);
  await writeMapping(mapping, redacted.mapping);
  return render(fold(redacted.records), redacted.records, {
    ...context,
    excerpts: redacted.excerpts,
    redacted: redactions,
  });
}

async function excerptsOf(folder: IncidentFolder, incident: Incident): Promise<Map<string, OutputExcerpt>> {
  const excerpts = new Map<string, OutputExcerpt>();
  for (const step of incident.steps) {
    for (const { operation, output } of step.operations) {
      if (output === null) continue;
      const start = await readOutputPart(folder, operation.id, 0, EXCERPT_BYTES);
      const from = Math.max(start.bytes.length, start.totalBytes - EXCERPT_BYTES);
      const end = await readOutputPart(folder, operation.id, from, EXCERPT_BYTES);
      excerpts.set(operation.id, { head: start.bytes, tail: end.bytes, totalBytes: start.totalBytes });
    }
  }
  return excerpts;
}

/** @throws UserError `usage` for a word that is none of them. */
function redactionsOf(words: readonly string[]): readonly Redaction[] {
  const known = Object.keys(REDACTIONS) as Redaction[];
  const wanted = words.flatMap((word) => word.split(','));
  const unknown = wanted.find((word) => word !== 'all' && !known.some((name) => name === word));
  if (unknown !== undefined) {
    throw new UserError('usage', `Nothing is called "${printable(unknown)}" that could be redacted.`, {
      hint: `Known: ${known.join(', ')}, all.`,
    });
  }
  return wanted.includes('all') ? known : known.filter((name) => wanted.includes(name));
}

type Renderer = (incident: Incident, records: readonly JournalRecord[], context: TranscriptContext) => string;

async function rendererOf(format: TranscriptFormat): Promise<Renderer> {
  switch (format) {
    case 'md':
      return (await import('../transcript/markdown.ts')).renderMarkdown;
    case 'html':
      return (await import('../transcript/html.ts')).renderHtml;
    case 'csv':
      return (await import('../transcript/csv.ts')).renderCsv;
    case 'timesketch':
      return (await import('../transcript/timesketch.ts')).renderTimesketch;
    case 'stix':
      return (await import('../transcript/stix.ts')).renderStix;
    case 'asciicast':
      return (await import('../transcript/asciicast.ts')).renderAsciicast;
    case 'hashes':
      return (await import('../transcript/hash-lists.ts')).renderHashes;
    case 'yara':
      return (await import('../transcript/hash-lists.ts')).renderYara;
    case 'sigma':
      return (await import('../transcript/hash-lists.ts')).renderSigma;
    case 'json':
      return (await import('../transcript/json.ts')).renderJson;
  }
}
