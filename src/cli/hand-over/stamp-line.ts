import type { StampCheck } from '../../host/time-stamp.ts';

/** What became of one time stamp, as `verify` says it. */
export function stampLine({ seq, isGood, at, detail }: StampCheck & { readonly seq: number }): string {
  const text = isGood === null ? `${at}, ${detail}` : isGood ? `good, ${at}` : `NOT good: ${detail}`;
  return `time stamp over record ${seq}: ${text}`;
}
