import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';
import { recordLines } from './asciicast-lines.ts';
import { buildTranscript } from './build-transcript.ts';
import type { TranscriptContext } from './transcript.ts';

/**
 * The run as asciicast v3 (asciinema's file format, docs.asciinema.org/manual/asciicast/v3): what line mode says
 * of it, each line at its time, a marker at each step. Made from the journal, so it is there also for a run on
 * which nobody recorded a terminal. Text of the host is made visible; the only escapes are those of our own
 * colours. Same input, same bytes.
 */
export function renderAsciicast(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): string {
  const transcript = buildTranscript(incident, records, context);
  const header = {
    version: 3,
    term: { cols: 100, rows: 30, type: 'xterm-256color' },
    timestamp: Math.floor(timeOf(transcript.openedAt, 0) / 1000),
    // Nobody waits for an hour of watching again.
    idle_time_limit: 2,
    title: shown(`Incident ${transcript.incidentId} on ${incident.host.hostname}`),
  };
  const outputs = new Map(
    transcript.steps.flatMap((step) => step.operations.map((one) => [one.id, one.output])),
  );
  const events: Event[] = [];
  let stepId: string | null = null;
  let atMs = timeOf(transcript.openedAt, 0);
  for (const record of records) {
    // A clock that was set back must not make a negative wait, which players refuse.
    const nowMs = Math.max(atMs, timeOf(record.at, atMs));
    let wait = (nowMs - atMs) / 1000;
    atMs = nowMs;
    const say = (code: Event[1], data: string) => {
      events.push([wait, code, data]);
      wait = 0;
    };
    const { event } = record;
    if ('stepId' in event && event.stepId !== null && event.stepId !== stepId) {
      stepId = event.stepId;
      const index = incident.steps.findIndex((step) => step.id === stepId);
      const title = shown(
        `Step ${index + 1} of ${incident.steps.length}: ${incident.steps[index]?.definition.title ?? stepId}`,
      );
      say('m', title);
      say('o', `\r\n${BOLD}${title}${PLAIN}\r\n`);
    }
    for (const line of recordLines(record, incident, outputs)) {
      const text = shown(line.text, line.isBlock === true);
      say(
        'o',
        `${line.isTrouble === true ? `${RED}${text}${PLAIN}` : text}`.replaceAll('\n', '\r\n').concat('\r\n'),
      );
    }
  }
  events.push([0, 'x', '0']);
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}

type Event = readonly [waitSeconds: number, code: 'o' | 'm' | 'x', data: string];

const BOLD = '\u001b[1m';
const RED = '\u001b[31m';
const PLAIN = '\u001b[0m';

function shown(text: string, isBlock = false): string {
  return printable(redact(text), { keepNewlines: isBlock });
}

function timeOf(at: string, otherwise: number): number {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? otherwise : ms;
}
