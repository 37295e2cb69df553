import type { IncidentView } from '../../engine/handle.ts';
import { formatClock } from '../../text/format.ts';
import { type Row, span, spread } from '../look/cells.ts';
import { foreign } from '../look/theme.ts';

/** ` cryptominer-linux · web-07 · web-07-20261123-0412        00:07:41   journal ✔ 212`. */
export function titleRow(view: IncidentView, columns: number, nowMs: number): Row {
  const { incident } = view;
  const isSound = view.stopped === null || view.isFollowing === true;
  const names = [incident.playbook.name, incident.host.hostname, columns >= 76 ? incident.id : ''];
  return spread(
    [
      span(' '),
      ...(view.isFollowing === true ? [span('READ-ONLY', 'mark'), span(' ')] : []),
      ...(incident.host.isDrill ? [span('PRACTICE', 'mark'), span(' ')] : []),
      span(
        names
          .filter((name) => name !== '')
          .map(foreign)
          .join(' · '),
        'title',
      ),
    ],
    [
      ...(view.notice ? [span(`${foreign(view.notice)}  `, 'bad')] : []),
      span(`${clockText(view, nowMs)}   `),
      span(`journal ${isSound ? '✔' : '✘'} ${String(incident.seq).padStart(3)} `, isSound ? 'good' : 'bad'),
    ],
    columns,
  );
}

/** How long it took, or has taken so far: `00:07:41`. */
export function clockText({ incident }: IncidentView, nowMs: number): string {
  const endMs = incident.closedAt === null ? nowMs : Date.parse(incident.closedAt);
  return formatClock(endMs - Date.parse(incident.openedAt));
}
