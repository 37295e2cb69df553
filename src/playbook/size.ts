export const SIZE_EXPECTED = 'a size like 64MiB, 512KiB, 1GiB, or 0';

/** As it is written in a playbook; `parseSize` accepts no more than this. */
export const SIZE_PATTERN = /^(?:0|\d{1,6}(?:KiB|MiB|GiB))$/;

const UNITS: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
/** More than this of one thing is a forgotten unit. */
const MOST_BYTES = 64 * 1024 ** 3;

/** `64MiB` as bytes. A number without a unit is refused, but for 0: nobody knows which. */
export function parseSize(text: string): { readonly value: number } | { readonly problem: string } {
  const trimmed = text.trim();
  if (!SIZE_PATTERN.test(trimmed)) return { problem: `expected ${SIZE_EXPECTED}` };
  const value = Number.parseInt(trimmed, 10) * (UNITS[trimmed.replace(/^\d+/, '')] ?? 1);
  return value > MOST_BYTES ? { problem: 'expected 64GiB at most' } : { value };
}
