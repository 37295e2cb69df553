import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { formatDuration } from '../text/format.ts';
import { cameBackIn } from './from-records.ts';
import { code, prose } from './markdown-text.ts';
import { type Measures, measuresOf } from './measures.ts';

export interface ComparedIncident extends Measures {
  readonly id: string;
  readonly host: string;
  readonly playbook: string;
  readonly openedAt: string;
  readonly isClosed: boolean;
  readonly found: number;
  readonly skipped: readonly string[];
  readonly failed: readonly string[];
  readonly notRun: readonly string[];
  readonly cameBack: readonly string[];
}

export interface Comparison {
  readonly incidents: readonly ComparedIncident[];
  /** Steps that were skipped, failed or not run in more than one of them, most often first. */
  readonly oftenNotDone: readonly { readonly title: string; readonly times: number }[];
  readonly medianContainedMs: number | null;
}

/** Incidents side by side: how long until contained, what was left out, what came back. Oldest first. */
export function compareIncidents(
  incidents: readonly { readonly incident: Incident; readonly records: readonly JournalRecord[] }[],
): Comparison {
  const compared = incidents
    .map(({ incident, records }): ComparedIncident => {
      const titles = (...statuses: string[]) =>
        incident.steps
          .filter(({ status }) => statuses.includes(status))
          .map(({ definition }) => definition.title);
      const seen = new Set(
        records.flatMap(({ event }) =>
          event.kind === 'step-looked'
            ? event.outcome.findings.filter(({ verdict }) => verdict === 'malicious').map(({ id }) => id)
            : [],
        ),
      );
      return {
        ...measuresOf(incident, records),
        id: incident.id,
        host: incident.host.hostname,
        playbook: incident.playbook.name,
        openedAt: incident.openedAt,
        isClosed: incident.closedAt !== null,
        found: seen.size,
        skipped: titles('skipped'),
        failed: titles('failed', 'unknown'),
        notRun: titles('todo', 'running', 'undone', 'reopened'),
        cameBack: [
          ...new Set(incident.steps.flatMap(({ id }) => cameBackIn(records, id).map(({ title }) => title))),
        ],
      };
    })
    .sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
  const times = new Map<string, number>();
  for (const { skipped, failed, notRun } of compared)
    for (const title of new Set([...skipped, ...failed, ...notRun]))
      times.set(title, (times.get(title) ?? 0) + 1);
  const contained = compared.flatMap(({ containedAfterMs }) => containedAfterMs ?? []).sort((a, b) => a - b);
  return {
    incidents: compared,
    oftenNotDone: [...times]
      .filter(([, count]) => count > 1)
      .sort(([, a], [, b]) => b - a)
      .map(([title, count]) => ({ title, times: count })),
    medianContainedMs: contained[Math.floor((contained.length - 1) / 2)] ?? null,
  };
}

/** The comparison as Markdown. */
export function renderComparison({ incidents, oftenNotDone, medianContainedMs }: Comparison): string {
  const took = (ms: number | null, none: string) => (ms === null ? none : formatDuration(ms));
  const names = (titles: readonly string[]) => (titles.length === 0 ? '-' : titles.map(prose).join(', '));
  const rows = incidents.map(
    (one) =>
      `| ${code(one.id)} | ${prose(one.playbook)} | ${one.found} | ${took(one.containedAfterMs, '**never**')} | ${took(one.lastedMs, '-')}${one.isClosed ? '' : ', open'} | ${took(one.watchedMs, '**no**')} | ${names(one.skipped)} | ${names(one.failed)} | ${names(one.notRun)} | ${names(one.cameBack)} |`,
  );
  return [
    `# ${incidents.length} incidents compared`,
    '',
    '| Incident | Playbook | Malicious | Contained after | Lasted | Watched | Skipped | Failed | Not run | Came back |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `Contained after, the median: ${took(medianContainedMs, 'none was')}.`,
    oftenNotDone.length === 0
      ? 'No step was left out in more than one of them.'
      : `Left out more than once: ${oftenNotDone.map(({ title, times }) => `${prose(title)} (${times})`).join(', ')}.`,
    '',
  ].join('\n');
}
