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

/** The bytes that {@link decodeHostBytes} was given. */
export function encodeHostBytes(text: string): Uint8Array {
  if (!LONE_ESCAPE.test(text)) return encoder.encode(text);
  const out: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else out.push(...encoder.encode(character));
  }
  return Uint8Array.from(out);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const LONE_ESCAPE = /[\udc80-\udcff]/;

function decodePiecewise(bytes: Uint8Array): string {
  let out = '';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    const piece = bytes.subarray(at, at + length);
    const text = length > 0 && piece.length === length ? tryDecode(piece) : null;
    if (text === null) {
      out += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
      at += 1;
    } else {
      out += text;
      at += length;
    }
  }
  return out;
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}

function tryDecode(piece: Uint8Array): string | null {
  try {
    return strict.decode(piece);
  } catch {
    return null;
  }
}
