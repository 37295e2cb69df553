import { describeRecord } from '../engine/describe-record.ts';
import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { describeOperation } from '../operations/describe.ts';
import type { TranscriptOperation } from './transcript.ts';

/** A line as line mode would have said it; `isBlock`: several. Host text as it is. */
export interface CastLine {
  readonly text: string;
  readonly isTrouble?: boolean;
  readonly isBlock?: boolean;
}

/** What a record says on the screen: what happened, and below it what the responder was shown with it. */
export function recordLines(
  record: JournalRecord,
  incident: Incident,
  outputs: ReadonlyMap<string, TranscriptOperation['output']>,
): CastLine[] {
  const { event, by } = record;
  const { text, isTrouble } = describeRecord(record, incident);
  // What somebody decided was typed; what the runner did was said.
  const isTyped = by !== 'runner' && !event.kind.startsWith('operation-');
  const first: CastLine = {
    text: isTyped ? `> ${by}: ${text}` : `  ${isTrouble ? '! ' : ''}${text}`,
    isTrouble,
  };
  return [first, ...below(record, outputs)];
}

/** More than this of a list scrolls by unread. */
const AT_MOST = 15;

function below(
  { event }: JournalRecord,
  outputs: ReadonlyMap<string, TranscriptOperation['output']>,
): CastLine[] {
  switch (event.kind) {
    case 'step-looked': {
      const chosen = new Set(event.chosen);
      return shortened(
        event.outcome.findings.map(
          ({ id, verdict, score, title }) =>
            `    ${chosen.has(id) ? '[x]' : '[ ]'} ${verdict} ${score} ${title}`,
        ),
      );
    }
    case 'plan-made':
      return shortened(event.plan.operations.map((one) => `    - ${describeOperation(one).title}`));
    case 'watch-looked':
      return shortened(event.returned.map(({ verdict, score, title }) => `    ${verdict} ${score} ${title}`));
    case 'operation-finished': {
      const output = outputs.get(event.operationId) ?? null;
      if (output === null) return [];
      const parts: CastLine[] = [output.head, output.tail]
        .filter((part) => part !== '')
        .map((part) => ({ text: part.replace(/\n$/, ''), isBlock: true }));
      if (output.leftOutBytes > 0) parts.splice(1, 0, { text: `  (${output.leftOutBytes} bytes left out)` });
      return parts;
    }
    default:
      return [];
  }
}

function shortened(lines: readonly string[]): CastLine[] {
  const shown = lines.slice(0, AT_MOST).map((text) => ({ text }));
  return lines.length <= AT_MOST ? shown : [...shown, { text: `    and ${lines.length - AT_MOST} more` }];
}
