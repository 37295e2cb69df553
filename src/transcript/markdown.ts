import { describeRecord } from '../engine/describe-record.ts';
import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { durationText } from '../playbook/duration.ts';
import type { InputDefinition, JsonValue } from '../playbook/playbook.ts';
import { buildTranscript } from './build-transcript.ts';
import { stepSection, Told } from './markdown-step.ts';
import { listSections, summarySection } from './markdown-summary.ts';
import { code, items, prose, time } from './markdown-text.ts';
import { type Milestone, milestonesOf } from './milestones.ts';
import type { Transcript, TranscriptContext } from './transcript.ts';

/**
 * The transcript for people: the story first; the timeline; then the detail: every step with its decisions,
 * findings, operations and results, evidence, notes, every record, and how to check it. CommonMark with GitHub's
 * tables. All text of the host and of the playbook is escaped and has its secrets taken out.
 * Same input, same bytes.
 */
export function renderMarkdown(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): string {
  const transcript = buildTranscript(incident, records, context);
  const told = new Told();
  const sections = [
    titleSection(transcript),
    summarySection(transcript),
    timelineSection(records, incident),
    listSections(transcript),
    circumstancesSection(transcript, incident),
    ...transcript.steps.map((step, index) =>
      index === 0
        ? `## Steps\n\n${stepSection(step, transcript, told)}`
        : stepSection(step, transcript, told),
    ),
    evidenceSection(transcript),
    declaredSection(transcript),
    notesSection(transcript),
    recordsSection(records, incident),
    integritySection(transcript),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function titleSection(transcript: Transcript): string {
  const { host } = transcript;
  const drill = host.isDrill ? ['> This was a drill: a harmless infection in a sandbox.', ''] : [];
  const rights = host.isRoot ? 'root' : '**not root: much could not be looked at**';
  return [
    `# Incident ${prose(transcript.incidentId)}`,
    '',
    ...drill,
    items([
      `Host: ${code(host.hostname)}, ${prose(host.distribution)}, kernel ${code(host.kernel)}, ${host.cores} cores, as ${rights}`,
      `Opened: ${time(transcript.openedAt)}`,
      transcript.closedAt === null
        ? `**Not closed**; last record ${time(transcript.lastAt)}`
        : `Closed: ${time(transcript.closedAt)}, ${prose(transcript.closedBecause ?? '')}`,
      ...(transcript.journal.altered === null ? [] : ['**The journal was altered; see Integrity**']),
    ]),
  ].join('\n');
}

function circumstancesSection(transcript: Transcript, incident: Incident): string {
  const { host, playbook, sessions, inputs } = transcript;
  return [
    '## Circumstances',
    '',
    items([
      `Boot: ${code(host.bootId)}; service manager ${prose(host.serviceManager)}, firewall ${prose(host.firewall)}`,
      `Playbook: ${prose(playbook.title)} (${code(playbook.name)}), sha256 ${code(playbook.sha256)}`,
      `Journal: ${transcript.journal.records} records, head ${code(transcript.journal.head)}`,
    ]),
    '',
    'Responders:',
    '',
    items(
      sessions.map((session) => {
        const from = session.peerAddress === null ? '' : `, from ${code(session.peerAddress)}`;
        const until = session.until === null ? 'no end recorded' : `until ${time(session.until)}`;
        const why = session.leftBecause === null ? '' : ` (${prose(session.leftBecause)})`;
        return `${prose(session.responder)} as ${code(session.account)}${from}; ${session.front}, tourniquet ${code(session.version)}; ${time(session.from)} ${until}${why}`;
      }),
    ),
    ...(Object.keys(inputs).length === 0
      ? []
      : [
          '',
          'Inputs:',
          '',
          items(
            Object.entries(inputs).map(
              ([name, value]) => `${code(name)}: ${code(inputText(value, incident.playbook.inputs[name]))}`,
            ),
          ),
        ]),
  ].join('\n');
}

function inputText(value: JsonValue, definition: InputDefinition | undefined): string {
  return definition?.type === 'duration' && typeof value === 'number'
    ? durationText(value)
    : JSON.stringify(value);
}

function evidenceSection({ evidence }: Transcript): string {
  if (evidence.length === 0) return '## Evidence\n\nNone was taken.';
  const operations = [...new Set(evidence.map((file) => file.operationId))];
  const groups = operations.map((id) => {
    const files = evidence.filter((file) => file.operationId === id);
    const lines = files.map(
      ({ name, sizeBytes, source, sha256 }) =>
        `${code(name)}, ${sizeBytes} bytes, from ${code(source)}\n  sha256 ${code(sha256)}`,
    );
    return `By ${code(id)}:\n\n${items(lines)}`;
  });
  return `## Evidence\n\n${groups.join('\n\n')}`;
}

function declaredSection({ declaredOurs }: Transcript): string {
  if (declaredOurs.length === 0) return '';
  const lines = declaredOurs.map(
    ({ what, by, reason }) => `${code(what)}, declared ours by ${prose(by)} because ${prose(reason)}`,
  );
  return `## Declared ours\n\n${items(lines)}`;
}

function notesSection({ notes }: Transcript): string {
  if (notes.length === 0) return '';
  const lines = notes.map((note) => {
    const where = note.stepId === null ? '' : ` on ${code(note.stepId)}`;
    return `${time(note.at)} ${prose(note.by)}${where}: ${prose(note.text)}`;
  });
  return `## Notes\n\n${items(lines)}`;
}

/** What turned and what went wrong; every record stands further down. */
function timelineSection(records: readonly JournalRecord[], incident: Incident): string {
  const { milestones, leftOut } = milestonesOf(records, incident);
  const rest =
    leftOut === 0 ? '' : `\n\n${leftOut} in between are left out here; all are under Every record.`;
  return `## Timeline\n\n${items(milestones.map(recordText))}${rest}`;
}

function recordsSection(records: readonly JournalRecord[], incident: Incident): string {
  const lines = records.map((record) => {
    const said = describeRecord(record, incident);
    return `${record.seq}. ${recordText({ ...said, seq: record.seq, at: record.at, by: record.by })}`;
  });
  return `## Every record\n\n${lines.join('\n')}`;
}

function recordText({ at, by, stepId, text, isTrouble }: Milestone): string {
  const where = stepId === null ? '' : `${code(stepId)} `;
  return `${time(at)} ${prose(by)}: ${where}${isTrouble ? '**!** ' : ''}${prose(text)}`;
}

function integritySection({ journal, redacted }: Transcript): string {
  const altered =
    journal.altered === null
      ? 'Every record fits the one before it.'
      : `**Record ${journal.altered.seq} does not fit the chain: ${prose(journal.altered.reason)}.** Nothing after it is shown.`;
  return [
    '## Integrity',
    '',
    `${journal.records} records. ${altered} Each holds the hash of the one before; the last has the hash`,
    '',
    code(journal.head),
    '',
    'Secrets were taken out of this transcript; the journal and the output and evidence files hold what was there. `tourniquet verify` checks them.',
    ...(redacted.length === 0
      ? []
      : [
          '',
          `Placeholders stand for names that are not to leave the house (${redacted.join(', ')}); the hashes are of the true records and files.`,
        ]),
  ].join('\n');
}
