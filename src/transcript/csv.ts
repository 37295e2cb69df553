import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';
import { allFindings, type SeenFinding } from './all-findings.ts';
import { buildTranscript } from './build-transcript.ts';
import { subjectFields } from './subject-fields.ts';
import { isoFromNs } from './time-of-file.ts';
import type { TranscriptContext } from './transcript.ts';

/**
 * All findings as a table, worst first: RFC 4180 (a heading, CRLF, every field in quotes), UTF-8. No field can
 * be taken for a formula by a spreadsheet, none holds a line end. Same input, same bytes.
 */
export function renderCsv(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): string {
  const transcript = buildTranscript(incident, records, context);
  const rows = allFindings(transcript, records, incident).map((seen) =>
    COLUMNS.map(([, pick]) => field(pick(seen))).join(','),
  );
  return [COLUMNS.map(([name]) => field(name)).join(','), ...rows, ''].join('\r\n');
}

type Value = string | number | null;

const COLUMNS: readonly (readonly [name: string, pick: (seen: SeenFinding) => Value])[] = [
  ['id', ({ finding }) => finding.id],
  ['verdict', ({ finding }) => finding.verdict],
  ['score', ({ finding }) => finding.score],
  ['kind', ({ finding }) => finding.subject.kind],
  ['title', ({ finding }) => finding.title],
  ['reasons', ({ finding }) => finding.reasons.map(({ text, weight }) => `${text} (${weight})`).join('; ')],
  [
    'read in',
    ({ finding }) =>
      finding.places.map(({ path, line }) => (line === undefined ? path : `${path}:${line}`)).join('; '),
  ],
  ['attack', ({ finding }) => finding.attack.join(' ')],
  ['owner', ({ finding }) => finding.owner],
  ['package', ({ finding }) => (finding.package === null ? '(none)' : (finding.package ?? null))],
  ['path', ({ finding }) => subjectFields(finding).path],
  ['sha256', ({ finding }) => subjectFields(finding).sha256],
  ['pid', ({ finding }) => subjectFields(finding).pid],
  ['address', ({ finding }) => subjectFields(finding).address],
  ['port', ({ finding }) => subjectFields(finding).port],
  ['fingerprint', ({ finding }) => subjectFields(finding).fingerprint],
  ['command', ({ finding }) => subjectFields(finding).command],
  ['modified', ({ finding }) => isoFromNs(finding.times?.mtimeNs ?? '')],
  ['changed', ({ finding }) => isoFromNs(finding.times?.ctimeNs ?? '')],
  ['first seen', ({ firstSeenAt }) => firstSeenAt],
  ['last seen', ({ lastSeenAt }) => lastSeenAt],
  ['steps', ({ stepIds }) => stepIds.join(' ')],
  ['chosen', ({ isChosen }) => (isChosen ? 'yes' : 'no')],
  ['dealt with by', ({ dealtWithBy }) => dealtWithBy.join('; ')],
  ['came back', ({ hasComeBack }) => (hasComeBack ? 'yes' : 'no')],
  ['undone again', ({ undone }) => undone.join('; ')],
];

function field(value: Value): string {
  if (value === null) return '""';
  if (typeof value === 'number') return `"${value}"`;
  const text = printable(redact(value));
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/**
 * What a spreadsheet computes instead of showing it: `=`, `+`, `-`, `@` at the start, also after blanks and in
 * full width (OWASP, CSV Injection). An apostrophe before it makes it text; quotes alone do not. Tabs and line
 * ends, which count as well, have been made visible already.
 */
const FORMULA = /^[\s\u3000]*[=+\-@＝＋－＠|%]/u;
