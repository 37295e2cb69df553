/**
 * Bytes from a host (file names, command lines) as strings, without loss.
 *
 * Linux names are bytes, not text. Valid UTF-8 is decoded; each byte that is not part of it becomes one lone
 * surrogate U+DC80…U+DCFF, as Python's `surrogateescape` does (PEP 383), so that encoding gives back the very
 * same bytes and JSON can carry the string (`JSON.stringify` writes lone surrogates as `\udcXX`).
 */
export function decodeHostBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodePiecewise(bytes);
  }
}

/**
 * The same of bytes that came as latin-1, one character each: what costs least where there are many short ones, since
 * most are ASCII and stay as they are.
 */
export function decodeHostLatin1(text: string): string {
  return NOT_ASCII.test(text) ? decodeHostBytes(Uint8Array.from(text, (one) => one.charCodeAt(0))) : text;
}

/** The bytes that {@link decodeHostBytes} was given. */
export function encodeHostBytes(text: string): Uint8Array {
  if (!LONE_ESCAPE.test(text)) return encoder.encode(text);
  const runs = text.split(ESCAPED_RUNS).map((run) => {
    const isEscaped = LONE_ESCAPE.test(run);
    return isEscaped ? Uint8Array.from(run, (one) => one.charCodeAt(0) - 0xdc00) : encoder.encode(run);
  });
  const out = new Uint8Array(runs.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const run of runs) {
    out.set(run, at);
    at += run.length;
  }
  return out;
}

const NOT_ASCII = /[^\x00-\x7f]/;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const LONE_ESCAPE = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
const ESCAPED_RUNS = /((?<![\ud800-\udbff])[\udc80-\udcff]+)/;

/** In one pass without an error for each bad byte: whoever fills a file with them must not hold us up. */
function decodePiecewise(bytes: Uint8Array): string {
  const out: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const from = at;
    for (let length = validLength(bytes, at); length > 0; length = validLength(bytes, at)) at += length;
    if (at > from) out.push(strict.decode(bytes.subarray(from, at)));
    const bad = at;
    while (at < bytes.length && at - bad < MOST_AT_ONCE && validLength(bytes, at) === 0) at += 1;
    if (at > bad)
      out.push(String.fromCharCode(...Array.from(bytes.subarray(bad, at), (byte) => 0xdc00 + byte)));
  }
  return out.join('');
}

/** Arguments of one call. */
const MOST_AT_ONCE = 8192;

/** Bytes of the character that begins here, 0 if none does or there is no more (Unicode Standard, table 3-7). */
function validLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0xff;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let one = 1; one < length; one += 1) {
    const byte = bytes[at + one] ?? 0;
    if (byte < (one === 1 ? lowest : 0x80) || byte > (one === 1 ? highest : 0xbf)) return 0;
  }
  return length;
}
