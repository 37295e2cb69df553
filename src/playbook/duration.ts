/** Longest that anything in a playbook may take or wait. */
export const MAX_DURATION_MS = 366 * 86_400_000;

export const DURATION_EXPECTED = 'a duration like 90s, 10m, 1h30m or 8d';

/** As it is written in a playbook; `parseDuration` accepts no more than this. */
export const DURATION_PATTERN = /^(?=\d)(?:\d{1,9}d)?(?:\d{1,9}h)?(?:\d{1,9}m)?(?:\d{1,9}s)?(?:\d{1,9}ms)?$/;

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** `90s`, `10m`, `1h30m`, `8d`, `500ms` as milliseconds. A number without a unit is refused: nobody knows which. */
export function parseDuration(text: string): { readonly value: number } | { readonly problem: string } {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) {
    return { problem: `expected ${DURATION_EXPECTED}: the unit is missing (${trimmed}s? ${trimmed}m?)` };
  }
  if (!DURATION_PATTERN.test(trimmed)) return { problem: `expected ${DURATION_EXPECTED}` };
  let total = 0;
  for (const [, count, unit] of trimmed.matchAll(/(\d+)(ms|d|h|m|s)/g)) {
    total += Number(count) * (UNITS.find(([name]) => name === unit)?.[1] ?? 0);
  }
  if (total > MAX_DURATION_MS) return { problem: 'expected a year at most' };
  return { value: total };
}

/** The inverse of `parseDuration`, in the largest units that say it exactly: `1h30m`. */
export function durationText(durationMs: number): string {
  let rest = durationMs;
  let out = '';
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) out += `${count}${name}`;
    rest -= count * size;
  }
  return out === '' ? '0s' : out;
}
