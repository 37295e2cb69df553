import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import type { CustodyEntry } from '../journal/custody-file.ts';
import { printable } from '../text/printable.ts';

/** Who had the evidence, from when, and to whom it went: what a court asks of it. */
export interface Custody {
  readonly format: 1;
  readonly caseNumber: string | null;
  readonly evidenceNumber: string | null;
  readonly incidentId: string;
  readonly host: string;
  /** Where it was taken: the first and the last record, and the hash that vouches for all of them. */
  readonly takenFrom: string;
  readonly takenUntil: string;
  readonly journalHead: string;
  readonly records: number;
  /** Everybody who was at work on it, in order. */
  readonly responders: readonly { readonly name: string; readonly account: string; readonly from: string }[];
  readonly handOvers: readonly CustodyEntry[];
}

/** Hand-overs of the incident itself, while it was worked on. */
function handOversIn(records: readonly JournalRecord[]): CustodyEntry[] {
  return records.flatMap(({ at, by, event }): CustodyEntry[] =>
    event.kind === 'taken-over'
      ? [{ at, from: event.from.responder, to: by, what: 'taken-over', detail: event.reason }]
      : [],
  );
}

export function custodyOf(
  incident: Incident,
  records: readonly JournalRecord[],
  head: string,
  numbers: Pick<Custody, 'caseNumber' | 'evidenceNumber'>,
  later: readonly CustodyEntry[],
): Custody {
  const responders = records.flatMap(({ at, event }) =>
    event.kind === 'runner-attached'
      ? [{ name: event.session.responder, account: event.session.account, from: at }]
      : [],
  );
  return {
    format: 1,
    ...numbers,
    incidentId: incident.id,
    host: incident.host.hostname,
    takenFrom: incident.openedAt,
    takenUntil: incident.lastAt,
    journalHead: head,
    records: records.length,
    responders,
    handOvers: [...handOversIn(records), ...later],
  };
}

/** The same as a sheet to be printed, with room for the hand-overs that follow on paper. */
export function custodySheet(custody: Custody): string {
  const line = (label: string, value: string) => `${`${label}:`.padEnd(18)}${printable(value)}`;
  return [
    'CHAIN OF CUSTODY',
    '',
    line('Case number', custody.caseNumber ?? '______________________'),
    line('Evidence number', custody.evidenceNumber ?? '______________________'),
    line('Incident', custody.incidentId),
    line('Host', custody.host),
    line('Taken from', custody.takenFrom),
    line('until', custody.takenUntil),
    line('Journal', `${custody.records} records, head ${custody.journalHead}`),
    '',
    'Responders',
    ...custody.responders.map(
      ({ name, account, from }) => `  ${printable(`${from}  ${name} as ${account}`)}`,
    ),
    '',
    'Hand-overs',
    ...custody.handOvers.map(
      ({ at, from, to, what, detail }) =>
        `  ${printable(`${at}  ${what}  from ${from} to ${to ?? '(not said)'}${detail === '' ? '' : `: ${detail}`}`)}`,
    ),
    '',
    'On paper          released by          received by          date, time          signature',
    ...Array.from({ length: 4 }, () => `                  ${'___________________  '.repeat(4).trimEnd()}`),
    '',
  ].join('\n');
}
