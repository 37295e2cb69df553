import { decodeHostBytes } from '../text/host-bytes.ts';

/** The beginning and the end of a stored output; `tail` is what follows `head` if the whole is short. */
export interface OutputExcerpt {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly totalBytes: number;
}

/**
 * As text (hostile still), and how much between them is left out. Where something is left out, both end at a
 * line, if they have one: a secret that is cut in two is not recognised as one.
 */
export function excerptText(
  excerpt: OutputExcerpt | undefined,
  sizeBytes: number,
): { readonly head: string; readonly leftOutBytes: number; readonly tail: string } {
  if (excerpt === undefined) return { head: '', leftOutBytes: sizeBytes, tail: '' };
  const { head, tail, totalBytes } = excerpt;
  if (head.length + tail.length >= totalBytes) {
    return { head: decodeHostBytes(joined(head, tail)), leftOutBytes: 0, tail: '' };
  }
  const kept = head.subarray(0, head.lastIndexOf(NEWLINE) + 1 || head.length);
  const rest = withoutRestOfKey(tail.subarray(tail.indexOf(NEWLINE) + 1));
  return {
    head: decodeHostBytes(kept),
    leftOutBytes: totalBytes - kept.length - rest.length,
    tail: decodeHostBytes(rest),
  };
}

const NEWLINE = 10;

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

/** Lines at the start that look like the middle of a private key are left out: what tells it is not there. */
function withoutRestOfKey(tail: Uint8Array): Uint8Array {
  let start = 0;
  while (start < tail.length) {
    const end = tail.indexOf(NEWLINE, start);
    const line = decodeHostBytes(tail.subarray(start, end === -1 ? tail.length : end));
    if (!/^[A-Za-z0-9+/=]{40,80}\r?$/.test(line)) break;
    start = end === -1 ? tail.length : end + 1;
  }
  return tail.subarray(start);
}
