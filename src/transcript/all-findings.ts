import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { foundItems } from './found-items.ts';
import { backAgain } from './from-records.ts';
import type { FoundItem, Transcript } from './transcript.ts';

/** Everything that was seen, harmless or not, each thing once by its latest look, and who saw it when. */
export interface SeenFinding extends FoundItem {
  /** Steps that saw it, in order. */
  readonly stepIds: readonly string[];
  /** When it was first and last seen, as the journal has it. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly isChosen: boolean;
}

export function allFindings(
  transcript: Transcript,
  records: readonly JournalRecord[],
  incident: Incident,
): SeenFinding[] {
  const seen = new Map<string, { first: string; last: string }>();
  for (const { at, event } of records) {
    const findings =
      event.kind === 'step-looked'
        ? event.outcome.findings
        : event.kind === 'watch-looked'
          ? event.returned
          : [];
    for (const { id } of findings) seen.set(id, { first: seen.get(id)?.first ?? at, last: at });
  }
  const steps = new Map<string, string[]>();
  const chosen = new Set<string>();
  for (const step of transcript.steps) {
    for (const { id } of step.findings) {
      const list = steps.get(id);
      if (list === undefined) steps.set(id, [step.id]);
      else list.push(step.id);
    }
    for (const id of step.chosen) chosen.add(id);
  }
  return foundItems(transcript.steps, backAgain(records, incident)).map((item) => {
    const { id } = item.finding;
    const times = seen.get(id);
    return {
      ...item,
      stepIds: steps.get(id) ?? [],
      firstSeenAt: times?.first ?? transcript.openedAt,
      lastSeenAt: times?.last ?? transcript.lastAt,
      isChosen: chosen.has(id),
    };
  });
}
