import type { Activity, IncidentView } from '../../engine/handle.ts';
import { stepById } from '../../engine/select.ts';
import { describeOperation } from '../../operations/describe.ts';
import type { OperationProgress } from '../../operations/progress.ts';
import { formatBytes, formatDuration } from '../../text/format.ts';
import { type Row, span } from '../look/cells.ts';
import { foreign } from '../look/theme.ts';
import { countOf, wholeSeconds } from '../look/words.ts';

const DOING: Readonly<Record<Activity['kind'], string>> = {
  looking: 'Looking at the host',
  planning: 'Working out what would be done',
  preparing: 'Checking the target and taking evidence',
  performing: 'Doing',
  verifying: 'Checking that it holds',
  recovering: 'Finding out whether it happened',
  undoing: 'Taking back',
  watching: 'Watching',
  confirming: 'Making it stay',
};

/** What is going on, for the question's place: there is nothing to ask while it goes on. */
export function activityLine(view: IncidentView, activity: Activity, nowMs: number): string {
  const step = stepById(view.incident, activity.stepId);
  const spent = nowMs - activity.startedAtMs;
  const time = spent >= 1000 ? ` · ${wholeSeconds(spent)}` : '';
  if (activity.kind === 'watching') {
    const looks = (step?.watch?.looks ?? 0) + (activity.vitals?.length ?? 0);
    const returned = step?.watch?.returned ?? 0;
    const left = activity.endsAtMs === null ? '' : ` · ${wholeSeconds(activity.endsAtMs - nowMs + 999)} left`;
    return `Watching · ${countOf(looks, 'look')} · ${returned === 0 ? 'nothing came back' : `${returned} came back`}${left} · c stops it`;
  }
  const state = step?.operations.find((one) => one.operation.id === activity.operationId);
  const what = state === undefined ? '' : `: ${foreign(describeOperation(state.operation).title)}`;
  const scan = activity.scanProgress;
  const scope = scan === null ? '' : `: ${scan.scope} ${scan.done}/${scan.total}`;
  return `${DOING[activity.kind]}${what}${scope}${time} · c stops it`;
}

/** `[█████░░░░░] 12 MB of 40 MB · 3.1 MB/s · 9 s left`; only what is known of it. */
export function progressRow(progress: OperationProgress, spentMs: number, columns: number): Row {
  const { done, total, unit } = progress;
  const amount = unit === 'bytes' ? formatBytes : unit === 'milliseconds' ? formatDuration : String;
  const parts = [total === null ? amount(done) : `${amount(done)} of ${amount(total)}`];
  if (unit === 'files' || unit === 'packages') parts[0] = `${parts[0]} ${unit}`;
  const perMs = spentMs >= 1000 ? done / spentMs : 0;
  if (unit === 'bytes' && perMs > 0) parts.push(`${formatBytes(perMs * 1000)}/s`);
  if (total !== null && unit === 'milliseconds')
    parts.push(`${formatDuration(Math.max(0, total - done))} left`);
  else if (total !== null && perMs > 0 && done < total)
    parts.push(`${wholeSeconds(Math.max(1000, (total - done) / perMs))} left`);
  const words = parts.join(' · ');
  if (total === null || total <= 0) return [span(words)];
  const width = Math.max(6, Math.min(24, columns - words.length - 3));
  const full = Math.max(0, Math.min(width, Math.floor((done / total) * width)));
  return [span('█'.repeat(full), 'accent'), span('░'.repeat(width - full), 'dim'), span(` ${words}`)];
}
