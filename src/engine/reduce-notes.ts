import type { JournalRecord } from './event.ts';
import type { Incident } from './incident.ts';

/** The notes that follow one another from a record on. */
export function notesFrom(records: readonly JournalRecord[], from: number): JournalRecord[] {
  let end = from;
  while (records[end]?.event.kind === 'note-added') end += 1;
  return records.slice(from, end);
}

/** The incident after notes, the last of which is its last record. */
export function noted(incident: Incident, records: readonly JournalRecord[]): Incident {
  const notes = records.flatMap(({ event, at, by }) =>
    event.kind === 'note-added' ? [{ stepId: event.stepId, text: event.text, at, by }] : [],
  );
  const { seq, at: lastAt } = records.at(-1) as JournalRecord;
  return { ...incident, notes: [...incident.notes, ...notes], seq, lastAt };
}
