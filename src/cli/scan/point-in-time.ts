import { DURATION_EXPECTED, parseDuration } from '../../playbook/duration.ts';
import { UserError } from '../../text/user-error.ts';

/**
 * `2026-11-23`, `2026-11-23 08:15`, `2026-11-23T08:15:00Z`, `08:15` (today, or yesterday if that is still to come), or
 * how long ago: `90m`, `2d`. Without a zone it is the local time. Milliseconds since 1970; throws UserError `bad-time`.
 */
export function parsePointInTime(text: string, nowMs: number): number {
  const written = text.trim();
  const ago = parseDuration(written);
  if ('value' in ago) return nowMs - ago.value;
  const clock = /^(\d{1,2}):(\d{2})$/.exec(written);
  if (clock !== null) {
    const today = new Date(nowMs);
    const at = today.setHours(Number(clock[1]), Number(clock[2]), 0, 0);
    if (Number(clock[1]) < 24 && Number(clock[2]) < 60) return at <= nowMs ? at : at - 86_400_000;
  }
  const date = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    written,
  );
  // A date alone would be taken for midnight in Greenwich (ECMA-262, Date.parse).
  const at =
    date === null
      ? Number.NaN
      : Date.parse(written.length === 10 ? `${written}T00:00` : written.replace(' ', 'T'));
  if (Number.isNaN(at)) {
    throw new UserError('bad-time', `"${written}" is no point in time that is understood.`, {
      hint: `Give a date (2026-11-23), a date and time (2026-11-23T08:15, with Z for UTC), a time of day (08:15), or how long ago (${DURATION_EXPECTED.replace('a duration like ', '')}).`,
    });
  }
  if (at > nowMs) {
    throw new UserError('bad-time', `"${written}" is still to come, so nothing has happened since.`, {
      hint: 'Give a time in the past; without a zone it is taken as local time.',
    });
  }
  return at;
}
