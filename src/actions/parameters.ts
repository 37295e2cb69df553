import { z } from 'zod';

/** A duration as playbooks write it (`90s`, `10m`, `8d`), or milliseconds once an expression has worked it out. */
export function duration(fallback: string, description: string) {
  return z
    .union([
      z.number().int().nonnegative(),
      z.string().regex(/^(\d+(ms|s|m|h|d))+$/, 'a duration such as 90s, 10m or 8d'),
    ])
    .default(fallback)
    .transform(milliseconds)
    .describe(description);
}

/** A list, or one text with commas, as an input gives it on a command line. */
export function textList(description: string) {
  return z
    .union([z.array(z.string()), z.string()])
    .default([])
    .transform((value) =>
      (typeof value === 'string' ? value.split(',') : value).map((item) => item.trim()).filter(Boolean),
    )
    .describe(description);
}

function milliseconds(value: number | string): number {
  if (typeof value === 'number') return value;
  let total = 0;
  for (const [, count, unit] of value.matchAll(/(\d+)(ms|s|m|h|d)/g))
    total += Number(count) * (UNITS[unit ?? 's'] ?? 0);
  return total;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
