import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';
import { uuidV5 } from '../text/uuid-v5.ts';
import { buildTranscript } from './build-transcript.ts';
import { type Indicator, indicatorsOf } from './indicators-of.ts';
import type { Transcript, TranscriptContext } from './transcript.ts';

type Parts = readonly [Incident, readonly JournalRecord[], TranscriptContext];

/**
 * SHA-256 sums of what was malicious or suspicious, one a line with what it was, as `sha256sum` writes them: for
 * any program that takes a list of hashes. Same input, same bytes.
 */
export function renderHashes(...parts: Parts): string {
  const transcript = buildTranscript(...parts);
  return hashesOf(transcript)
    .map(({ value, finding }) => `${value}  ${shown(finding.title)}\n`)
    .join('');
}

/**
 * The same as one YARA rule, with the `hash` module (yara.readthedocs.io/en/stable/modules/hash.html). Names are
 * in comments only, in ASCII. Same input, same bytes.
 */
export function renderYara(...parts: Parts): string {
  const transcript = buildTranscript(...parts);
  const hashes = hashesOf(transcript);
  const lines = hashes.map(
    ({ value, finding }, index) =>
      `      ${index === 0 ? '  ' : 'or'} hash.sha256(0, filesize) == "${value}" // ${comment(finding.title)}`,
  );
  return [
    'import "hash"',
    '',
    `rule ${ruleName(transcript)}`,
    '{',
    '  meta:',
    `    description = "Files of incident ${comment(transcript.incidentId)}"`,
    `    date = "${transcript.openedAt.slice(0, 10)}"`,
    `    count = ${hashes.length}`,
    '  condition:',
    ...(lines.length === 0
      ? ['      false']
      : [
          '    // Of that size or smaller: what is larger is not hashed.',
          '    filesize < 256MB and (',
          ...lines,
          '    )',
        ]),
    '}',
    '',
  ].join('\n');
}

/**
 * The same as Sigma rules (SigmaHQ/sigma-specification, rules 2.0): programs by hash and path, connections by
 * address. YAML with every value in quotes. Same input, same bytes.
 */
export function renderSigma(...parts: Parts): string {
  const transcript = buildTranscript(...parts);
  const indicators = indicatorsOf(transcript);
  const values = (...kinds: Indicator['kind'][]) =>
    indicators.filter(({ kind }) => kinds.includes(kind)).map(({ value }) => value);
  const programs: Selection[] = [
    { name: 'by_hash', field: 'Hashes|contains', values: values('sha256').map((hash) => `SHA256=${hash}`) },
    { name: 'by_path', field: 'Image', values: values('path') },
  ];
  const rules = [
    ruleText(transcript, 'Programs', 'process_creation', programs),
    ruleText(transcript, 'Files', 'file_event', [
      { name: 'by_path', field: 'TargetFilename', values: values('path') },
    ]),
    ruleText(transcript, 'Connections', 'network_connection', [
      { name: 'by_address', field: 'DestinationIp', values: values('ipv4', 'ipv6') },
      { name: 'by_name', field: 'DestinationHostname', values: values('domain') },
    ]),
  ];
  const written = rules.filter((rule) => rule !== '');
  return written.length === 0
    ? '# Nothing was found that other hosts could be searched for.\n'
    : written.join('---\n');
}

interface Selection {
  readonly name: string;
  readonly field: string;
  readonly values: readonly string[];
}

function ruleText(
  transcript: Transcript,
  what: string,
  category: string,
  selections: readonly Selection[],
): string {
  const used = selections.filter(({ values }) => values.length > 0);
  if (used.length === 0) return '';
  const id = uuidV5(NAMESPACE, `${category} ${transcript.incidentId} ${transcript.openedAt}`);
  return [
    `title: ${yaml(`${what} of incident ${transcript.incidentId}`)}`,
    `id: ${id}`,
    'status: experimental',
    `description: ${yaml('Made from what was found there; to be searched for on other hosts.')}`,
    `date: ${yaml(transcript.openedAt.slice(0, 10))}`,
    'logsource:',
    '  product: linux',
    `  category: ${category}`,
    'detection:',
    ...used.flatMap(({ name, field, values }) => [
      `  ${name}:`,
      `    ${yaml(field)}:`,
      ...values.map((value) => `      - ${yaml(literal(value))}`),
    ]),
    `  condition: ${used.length === 1 ? used[0]?.name : '1 of by_*'}`,
    'level: high',
    '',
  ].join('\n');
}

/** Of this program's own, for rules. */
const NAMESPACE = '1d7c0f9a-3f3e-5b6b-8a51-0f6f1b0c9e27';

function hashesOf(transcript: Transcript): Indicator[] {
  return indicatorsOf(transcript).filter(({ kind }) => kind === 'sha256');
}

/** Sigma's wildcards and its escape are text here (sigma-specification, Escaping). */
function literal(value: string): string {
  return value.replace(/[\\*?]/g, '\\$&');
}

/** A double-quoted scalar: what JSON writes is YAML 1.2. */
function yaml(text: string): string {
  return JSON.stringify(shown(text));
}

function shown(text: string): string {
  return printable(redact(text));
}

/** Within a `//` comment or a string of YARA: ASCII, no quote, no backslash. */
function comment(text: string): string {
  return printable(redact(text), { asciiOnly: true }).replace(/["\\]/g, '_').slice(0, 120);
}

function ruleName({ incidentId }: Transcript): string {
  return `tourniquet_${comment(incidentId).replace(/[^A-Za-z0-9]/g, '_')}`.slice(0, 120);
}
