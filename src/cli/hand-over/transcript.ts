import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { findIncidentFolder } from '../../journal/folder.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import { REDACTIONS, type Redaction } from '../../transcript/names-in.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { TranscriptFormat } from './transcript-formats.ts';
import { transcriptPieces } from './transcript-text.ts';

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
  // What is not needed any more is let go of sooner: a third less memory for a large incident, on a host in need.
  setFlagsFromString('--semi-space-growth-factor=1');
  const folder = options.schema === true ? null : await findIncidentFolder(context.root, needed(name));
  const pieces =
    folder === null
      ? [await schemaText()]
      : await transcriptPieces(
          folder,
          options.format,
          redactionsOf(options.redact ?? []),
          options.mapping,
          hrefFrom(folder.output, options.output),
        );
  if (options.output === undefined || options.output === '-') {
    for (const piece of pieces) if (!context.stdout.write(piece)) await once(context.stdout, 'drain');
  } else {
    await writeFile(options.output, gathered(pieces), { mode: 0o600 });
    context.stderr.write(`${resolve(options.output)}\n`);
  }
  return EXIT.done;
}

/** Small pieces together: each write is a trip to another thread. */
function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < 1 << 20) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** From a page to the outputs, as long as both stay where they are; nowhere from one that is only printed. */
function hrefFrom(outputs: string, page: string | undefined): ((name: string) => string) | undefined {
  if (page === undefined || page === '-') return undefined;
  const way = relative(dirname(resolve(page)), outputs)
    .split(sep)
    .map(encodeURIComponent)
    .join('/');
  return (name) => `./${way}/${encodeURIComponent(name)}`;
}

function needed(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new UserError('usage', 'Which incident is not said.', {
    hint: '`tourniquet incidents` lists them; then `tourniquet transcript INCIDENT`.',
  });
}

async function schemaText(): Promise<string> {
  const { transcriptJsonSchema } = await import('../../transcript/json-schema.ts');
  return `${JSON.stringify(transcriptJsonSchema(), null, 2)}\n`;
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
