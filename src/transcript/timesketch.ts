import { describeRecord } from '../engine/describe-record.ts';
import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { allFindings, type SeenFinding } from './all-findings.ts';
import { buildTranscript } from './build-transcript.ts';
import { plainJson } from './plain-json.ts';
import { subjectFields } from './subject-fields.ts';
import { isoFromNs } from './time-of-file.ts';
import type { TranscriptContext } from './transcript.ts';

/**
 * A timeline for Timesketch, one JSON object a line with `message`, `datetime` and `timestamp_desc` (its guide
 * “Create timeline from JSON/JSONL/CSV file”): what the responders did, and when the files behind the findings
 * were changed, so that the one stands beside the other. In the order of time. Same input, same bytes.
 */
export function renderTimesketch(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): string {
  const transcript = buildTranscript(incident, records, context);
  const common = { hostname: incident.host.hostname, incident: incident.id };
  const lines: Line[] = [
    ...records.map((record) => recordLine(record, incident)),
    ...allFindings(transcript, records, incident).flatMap(fileTimes),
  ];
  // Stable: what has the same time stays in the order of the journal. ISO with a fixed width sorts as text.
  lines.sort((a, b) => (a.datetime < b.datetime ? -1 : a.datetime > b.datetime ? 1 : 0));
  return lines.map((line) => `${plainJson({ ...line, ...common })}\n`).join('');
}

interface Line {
  readonly message: string;
  readonly datetime: string;
  readonly timestamp_desc: string;
  readonly [field: string]: string | number | boolean | readonly string[];
}

function recordLine(record: JournalRecord, incident: Incident): Line {
  const { stepId, text, isTrouble } = describeRecord(record, incident);
  return {
    message: stepId === null ? text : `${stepId}: ${text}`,
    datetime: record.at.replace(/(\.\d{3})Z$/, '$1000Z'),
    timestamp_desc: 'Response Action Time',
    data_type: 'tourniquet:journal:record',
    event_kind: record.event.kind,
    responder: record.by,
    sequence: record.seq,
    is_trouble: isTrouble,
    ...(stepId === null ? {} : { step: stepId }),
  };
}

/** plaso's words for the times of a file. */
const TIMES = [
  ['mtimeNs', 'Content Modification Time'],
  ['ctimeNs', 'Metadata Modification Time'],
] as const;

function fileTimes({ finding, dealtWithBy }: SeenFinding): Line[] {
  return TIMES.flatMap(([name, words]): Line[] => {
    const datetime = finding.times === null ? null : isoFromNs(finding.times[name]);
    if (datetime === null) return [];
    const fields = Object.entries(subjectFields(finding)).filter(([, value]) => value !== null);
    return [
      {
        ...Object.fromEntries(fields),
        message: `${finding.verdict} ${finding.score}: ${finding.title}`,
        datetime,
        timestamp_desc: words,
        data_type: `tourniquet:finding:${finding.subject.kind}`,
        finding_id: finding.id,
        verdict: finding.verdict,
        score: finding.score,
        reasons: finding.reasons.map(({ text }) => text),
        attack: finding.attack,
        dealt_with_by: dealtWithBy,
        ...(finding.owner === null ? {} : { owner: finding.owner }),
        tag: [finding.verdict, ...finding.attack],
      },
    ];
  });
}
