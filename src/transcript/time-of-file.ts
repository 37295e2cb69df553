/**
 * Nanoseconds since the epoch, as a host gave them, as ISO 8601 in UTC with microseconds; null if they are no
 * time between the years 1970 and 9999 (a host can write any).
 */
export function isoFromNs(ns: string): string | null {
  if (!/^\d{1,18}$|^[1-9]\d{18,20}$/.test(ns)) return null;
  const us = BigInt(ns) / 1000n;
  const ms = Number(us / 1000n);
  if (ms > LAST_MS) return null;
  const text = new Date(ms).toISOString();
  return `${text.slice(0, -1)}${String(us % 1000n).padStart(3, '0')}Z`;
}

/** 9999-12-31T23:59:59.999Z. */
const LAST_MS = 253_402_300_799_999;
