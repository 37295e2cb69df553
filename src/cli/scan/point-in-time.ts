import { DURATION_EXPECTED, parseDuration } from '../../playbook/duration.ts';
import { UserError } from '../../text/user-error.ts';

const DAY_MS = 86_400_000;

/**
 * RFC 3339 (`2026-11-23T08:15:00Z`), as `stat` and `ls --full-time` write it (`2026-11-23 08:15:00.123456789 +0100`) or
 * parts of it (`2026-11-23`, `2026-11-23 08:15`), `08:15` (today, or yesterday if that is still to come), `today`,
 * `yesterday` (from midnight), or how long ago: `90m`, `2d`, `2 days ago`. Without a zone it is the local time.
 * Milliseconds since 1970; throws UserError `bad-time`.
 */
export function parsePointInTime(text: string, nowMs: number): number {
  const written = text.trim();
  const at = agoMs(written, nowMs) ?? clockTime(written, nowMs) ?? dateTime(written);
  if (at === null) {
    throw new UserError('bad-time', `"${written}" is no point in time that is understood.`, {
      hint: `Give a date (2026-11-23), a date and time (2026-11-23T08:15, with Z for UTC), a time of day (08:15), "yesterday", or how long ago (2 days ago, ${DURATION_EXPECTED.replace('a duration like ', '')}).`,
    });
  }
  if (at > nowMs) {
    throw new UserError('bad-time', `"${written}" is still to come, so nothing has happened since.`, {
      hint: 'Give a time in the past; without a zone it is taken as local time.',
    });
  }
  return at;
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

function agoMs(written: string, nowMs: number): number | null {
  const length = written.replace(/\s+ago$/i, '');
  const [, count, unit] =
    /^(\d{1,6})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?)$/i.exec(length) ?? [];
  if (count !== undefined && unit !== undefined)
    return nowMs - Number(count) * (UNITS[unit.charAt(0).toLowerCase()] ?? Number.NaN);
  const ago = parseDuration(length);
  return 'value' in ago ? nowMs - ago.value : null;
}

function clockTime(written: string, nowMs: number): number | null {
  const day = new Date(nowMs);
  if (/^(today|yesterday)$/i.test(written))
    return new Date(nowMs).setHours(/^y/i.test(written) ? -24 : 0, 0, 0, 0);
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(written) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return null;
  const at = day.setHours(Number(hour), Number(minute), 0, 0);
  return at <= nowMs ? at : at - DAY_MS;
}

function dateTime(written: string): number | null {
  const [, year, month, day, clock = 'T00:00', zone = ''] =
    /^(\d{4})-(\d{2})-(\d{2})([Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?: ?([Zz]|[+-]\d{2}:?\d{2}))?$/.exec(
      written,
    ) ?? [];
  // The 31st of November is not the 1st of December, as Date.parse has it.
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (!isDay) return null;
  // A date alone would be taken for midnight in Greenwich (ECMA-262, Date.parse).
  const at = Date.parse(`${year}-${month}-${day}T${clock.slice(1)}${zone.toUpperCase()}`);
  return Number.isNaN(at) ? null : at;
}
